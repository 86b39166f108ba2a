/** Playing cards, drawn in code: `AS`, `10H`, `KD`, `7C`, and the back. */
import { el, svg } from "../dom";

const SUITS: Record<string, { path: string; colour: string }> = {
  S: {
    path: "M50 6C61 30 93 44 93 70c0 17-15 25-27 20-5-2-9-5-11-9 1 13 5 21 12 27H33c7-6 11-14 12-27-2 4-6 7-11 9C22 95 7 87 7 70 7 44 39 30 50 6z",
    colour: "#10151d",
  },
  H: {
    path: "M50 104C20 78 6 59 6 38 6 19 20 8 33 8c8 0 14 5 17 12 3-7 9-12 17-12 13 0 27 11 27 30 0 21-14 40-44 66z",
    colour: "#c8161d",
  },
  D: {
    path: "M50 4C60 24 72 40 88 56 72 72 60 88 50 108 40 88 28 72 12 56 28 40 40 24 50 4z",
    colour: "#c8161d",
  },
  C: {
    path: "M50 6a21 21 0 0 1 16 35 22 22 0 1 1-12 41c1 12 5 20 12 26H34c7-6 11-14 12-26a22 22 0 1 1-12-41A21 21 0 0 1 50 6z",
    colour: "#10151d",
  },
};

export const rankOf = (card: string): string => card.slice(0, -1);
export const suitOf = (card: string): string => card.slice(-1);

function suit(name: string, x: number, y: number, size: number): SVGElement {
  const { path, colour } = SUITS[name] ?? { path: "", colour: "#000" };
  return svg("path", { d: path, fill: colour, transform: `translate(${x} ${y}) scale(${size / 100})` });
}

function corner(rank: string, name: string): SVGElement {
  const colour = SUITS[name]?.colour ?? "#000";
  return svg(
    "g",
    {},
    svg("text", { x: 24, y: 44, class: `card-rank ${rank === "10" ? "ten" : ""}`, fill: colour }, rank),
    suit(name, 11, 52, 27),
  );
}

function face(card: string): SVGSVGElement {
  const rank = rankOf(card);
  const name = suitOf(card);
  const court = ["K", "Q", "J"].includes(rank);
  const colour = SUITS[name]?.colour ?? "#000";
  const middle = court
    ? [
        svg("rect", {
          x: 42,
          y: 28,
          width: 56,
          height: 144,
          rx: 8,
          fill: "#fdf6e3",
          stroke: "#c8932f",
          "stroke-width": 2.5,
        }),
        svg("rect", {
          x: 47,
          y: 33,
          width: 46,
          height: 134,
          rx: 5,
          fill: "none",
          stroke: "#c8932f",
          "stroke-opacity": 0.5,
        }),
        svg("path", {
          d: "M49 74l-3-24 13 11 11-17 11 17 13-11-3 24z",
          fill: "#c8932f",
          stroke: "#8a5a17",
          "stroke-linejoin": "round",
        }),
        svg("text", { x: 70, y: 131, class: "card-court", fill: colour }, rank),
        suit(name, 58, 139, 24),
      ]
    : [rank === "A" ? suit(name, 36, 62, 68) : suit(name, 40, 66, 60)];
  return svg(
    "svg",
    { viewBox: "0 0 140 200", class: "card-face", "aria-hidden": "true", focusable: "false" },
    svg("rect", {
      x: 1,
      y: 1,
      width: 138,
      height: 198,
      rx: 13,
      fill: "#fff",
      stroke: "#c9d2de",
      "stroke-width": 2,
    }),
    ...middle,
    corner(rank, name),
    svg("g", { transform: "rotate(180 70 100)" }, corner(rank, name)),
  );
}

function back(): SVGSVGElement {
  const lattice = Array.from({ length: 15 }, (_, i) => {
    const x = i * 20 - 80;
    return `M${x} 10L${x + 180} 190M${x + 180} 10L${x} 190`;
  });
  return svg(
    "svg",
    { viewBox: "0 0 140 200", class: "card-back", "aria-hidden": "true", focusable: "false" },
    svg("rect", {
      x: 1,
      y: 1,
      width: 138,
      height: 198,
      rx: 13,
      fill: "#fff",
      stroke: "#c9d2de",
      "stroke-width": 2,
    }),
    svg(
      "svg",
      { x: 9, y: 9, width: 122, height: 182, viewBox: "9 9 122 182" },
      svg("rect", { x: 9, y: 9, width: 122, height: 182, rx: 8, fill: "#7a1220" }),
      svg("path", { d: lattice.join(""), stroke: "#f0c46a", "stroke-opacity": 0.4, "stroke-width": 1.4 }),
    ),
    svg("rect", {
      x: 9,
      y: 9,
      width: 122,
      height: 182,
      rx: 8,
      fill: "none",
      stroke: "#f0c46a",
      "stroke-width": 2,
    }),
    svg("circle", { cx: 70, cy: 100, r: 27, fill: "#5c0c18", stroke: "#f0c46a", "stroke-width": 2 }),
    svg("path", { d: SUITS["S"]?.path ?? "", fill: "#f0c46a", transform: "translate(54 82) scale(.32)" }),
  );
}

/** One card; `null` lies face down until `turnUp` shows what it is. */
export class Card {
  readonly element = el("div", { class: "card" });
  code: string | null;

  constructor(code: string | null) {
    this.code = code;
    this.element.append(code === null ? back() : face(code));
  }

  turnUp(code: string): void {
    this.code = code;
    this.element.replaceChildren(face(code));
  }
}
