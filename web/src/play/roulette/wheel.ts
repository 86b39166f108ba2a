/** The wheel and its ball, drawn in code. The rotor stops anywhere; the ball always ends in the pocket it is told. */
import { el, svg } from "../dom";
import type { Pace } from "../motion";
import { colourOf, WHEEL } from "./layout";

const FILL = { red: "#b3161f", black: "#14181f", green: "#06734b" };
const STEP = 360 / WHEEL.length;

function at(radius: number, degrees: number): string {
  const angle = (degrees * Math.PI) / 180;
  return `${(200 + radius * Math.sin(angle)).toFixed(2)} ${(200 - radius * Math.cos(angle)).toFixed(2)}`;
}

function gradient(id: string, centre: object, stops: [number, string][]): SVGElement {
  return svg(
    "radialGradient",
    { id, ...centre },
    ...stops.map(([offset, colour]) => svg("stop", { offset, "stop-color": colour })),
  );
}

function pocket(n: number, i: number): SVGElement {
  const from = (i - 0.5) * STEP;
  const to = (i + 0.5) * STEP;
  return svg(
    "g",
    {},
    svg("path", {
      d: `M${at(166, from)}A166 166 0 0 1 ${at(166, to)}L${at(98, to)}A98 98 0 0 0 ${at(98, from)}Z`,
      fill: FILL[colourOf(n)],
      stroke: "#d6a545",
      "stroke-width": 1,
    }),
    svg(
      "text",
      { x: 200, y: 51, transform: `rotate(${i * STEP} 200 200)`, class: "wheel-number" },
      String(n),
    ),
  );
}

export class Wheel {
  readonly element: HTMLElement;
  private readonly rotor: SVGElement;
  private readonly track: SVGElement;
  private readonly ball: SVGElement;
  private angle = 0;
  private turning: Animation[] = [];
  private ballAngle = 0;

  constructor(private readonly pace: Pace) {
    const spokes = [20, 110, 200, 290].map((degrees) =>
      svg("rect", {
        x: 194,
        y: 116,
        width: 12,
        height: 84,
        rx: 6,
        fill: "url(#wheel-hub)",
        transform: `rotate(${degrees} 200 200)`,
      }),
    );
    const frets = svg("circle", {
      cx: 200,
      cy: 200,
      r: 131,
      fill: "none",
      stroke: "#d6a545",
      "stroke-width": 1.5,
      "stroke-opacity": 0.75,
    });
    this.rotor = svg(
      "g",
      { class: "rotor" },
      svg("circle", { cx: 200, cy: 200, r: 170, fill: "#c8932f" }),
      ...WHEEL.map(pocket),
      frets,
      svg("circle", {
        cx: 200,
        cy: 200,
        r: 98,
        fill: "url(#wheel-wood)",
        stroke: "#d6a545",
        "stroke-width": 3,
      }),
      ...spokes,
      svg("circle", { cx: 200, cy: 200, r: 32, fill: "url(#wheel-hub)" }),
      svg("circle", { cx: 200, cy: 200, r: 14, fill: "url(#wheel-hub)", stroke: "#7a4c10" }),
    );
    this.ball = svg(
      "g",
      { class: "ball-radius" },
      svg("circle", {
        cx: 200,
        cy: 82,
        r: 8,
        fill: "url(#wheel-ball)",
        stroke: "#64748b",
        "stroke-width": 0.6,
      }),
    );
    this.track = svg("g", { class: "ball-track", visibility: "hidden" }, this.ball);
    const drawing = svg(
      "svg",
      { viewBox: "0 0 400 400", class: "wheel-drawing", "aria-hidden": "true" },
      svg(
        "defs",
        {},
        gradient("wheel-wood", { cx: "50%", cy: "50%", r: "50%" }, [
          [0.5, "#8b5423"],
          [0.88, "#4a270c"],
          [1, "#241305"],
        ]),
        gradient("wheel-rim", { cx: "50%", cy: "42%", r: "56%" }, [
          [0.8, "#6d3d15"],
          [0.9, "#3a1d08"],
          [1, "#150a03"],
        ]),
        gradient("wheel-hub", { cx: "40%", cy: "35%", r: "65%" }, [
          [0, "#fff3c4"],
          [0.5, "#c8932f"],
          [1, "#5d3a0a"],
        ]),
        gradient("wheel-ball", { cx: "38%", cy: "32%", r: "70%" }, [
          [0, "#ffffff"],
          [1, "#aab4c2"],
        ]),
      ),
      svg("circle", { cx: 200, cy: 200, r: 197, fill: "url(#wheel-rim)" }),
      svg("circle", { cx: 200, cy: 200, r: 197, fill: "none", stroke: "#c8932f", "stroke-width": 3 }),
      svg("circle", {
        cx: 200,
        cy: 200,
        r: 179,
        fill: "none",
        stroke: "#000",
        "stroke-opacity": 0.4,
        "stroke-width": 12,
      }),
      this.rotor,
      this.track,
    );
    this.element = el("div", { class: "wheel" }, drawing);
  }

  private rotate(target: SVGElement, degrees: number): void {
    target.style.transform = `rotate(${degrees}deg)`;
  }

  private stopAll(): void {
    for (const animation of this.turning) animation.cancel();
    this.turning = [];
  }

  /** Rotor and ball run until `land`. */
  turn(): void {
    this.stopAll();
    if (this.pace.reduced) return;
    this.track.setAttribute("visibility", "visible");
    this.ball.style.transform = "translateY(-58px)";
    const spin = (target: SVGElement, from: number, by: number, duration: number) =>
      target.animate([{ transform: `rotate(${from}deg)` }, { transform: `rotate(${from + by}deg)` }], {
        duration,
        iterations: Infinity,
      });
    this.turning = [spin(this.rotor, this.angle, 360, 5200), spin(this.track, this.ballAngle, -360, 900)];
  }

  private angleNow(target: SVGElement): number {
    const matrix = new DOMMatrixReadOnly(getComputedStyle(target).transform);
    return (Math.atan2(matrix.b, matrix.a) * 180) / Math.PI;
  }

  /** The ball falls into the pocket of this number. */
  async land(number: number, click: () => void): Promise<void> {
    const rotorFrom = this.angleNow(this.rotor);
    const ballFrom = this.angleNow(this.track);
    this.stopAll();
    this.track.setAttribute("visibility", "visible");
    const seat = WHEEL.indexOf(number as (typeof WHEEL)[number]) * STEP;
    const duration = 3400;
    const rotorTo = rotorFrom + (360 * duration) / 5200 / 1.6;
    // The ball ends over its pocket, at least three rounds later, against the rotor's direction.
    const target = rotorTo + seat;
    const ballTo = target - 360 * Math.ceil((target - ballFrom + 1080) / 360);
    this.angle = rotorTo % 360;
    this.ballAngle = ballTo % 360;
    this.rotate(this.rotor, this.angle);
    this.rotate(this.track, this.ballAngle);
    this.ball.style.transform = "translateY(0)";
    const hops = [0.62, 0.72, 0.81, 0.88].map((part) => setTimeout(click, duration * part));
    await Promise.all([
      this.pace.animate(
        this.rotor,
        [{ transform: `rotate(${rotorFrom}deg)` }, { transform: `rotate(${rotorTo}deg)` }],
        { duration, easing: "cubic-bezier(.3,.5,.6,1)" },
      ),
      this.pace.animate(
        this.track,
        [{ transform: `rotate(${ballFrom}deg)` }, { transform: `rotate(${ballTo}deg)` }],
        { duration, easing: "cubic-bezier(.25,.45,.45,1)" },
      ),
      this.pace.animate(
        this.ball,
        [
          { transform: "translateY(-58px)", offset: 0 },
          { transform: "translateY(-58px)", offset: 0.52, easing: "cubic-bezier(.6,0,.9,.6)" },
          { transform: "translateY(-6px)", offset: 0.62, easing: "ease-out" },
          { transform: "translateY(-30px)", offset: 0.69, easing: "ease-in" },
          { transform: "translateY(-3px)", offset: 0.76, easing: "ease-out" },
          { transform: "translateY(-16px)", offset: 0.82, easing: "ease-in" },
          { transform: "translateY(0)", offset: 0.88 },
          { transform: "translateY(0)", offset: 1 },
        ],
        { duration },
      ),
    ]);
    hops.forEach(clearTimeout);
  }

  /** Where the ball lies, without any motion; null takes it away. */
  show(number: number | null): void {
    this.stopAll();
    this.track.setAttribute("visibility", number === null ? "hidden" : "visible");
    if (number === null) return;
    this.ball.style.transform = "translateY(0)";
    this.ballAngle = this.angle + WHEEL.indexOf(number as (typeof WHEEL)[number]) * STEP;
    this.rotate(this.track, this.ballAngle);
  }
}
