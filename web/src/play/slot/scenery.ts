/** The sea behind the reels: light from above, a seabed, weed and bubbles. Drawn here, decoration only. */
import { el, svg } from "../dom";

const BED = [
  { d: "M0 190C140 150 260 205 420 180S720 140 900 178s240 30 300 6V260H0Z", fill: "#06314a", opacity: 0.75 },
  { d: "M0 214C180 182 330 236 520 210s330-34 470-4 150 18 210 2V260H0Z", fill: "#042436", opacity: 0.9 },
  { d: "M0 236C220 214 420 252 640 236s380-20 560-2V260H0Z", fill: "#021724", opacity: 1 },
];

function weed(x: number, height: number, lean: number): SVGElement {
  const top = 250 - height;
  return svg("path", {
    d: `M${x} 254C${x - lean} ${250 - height * 0.35} ${x + lean} ${250 - height * 0.65} ${x + lean * 0.4} ${top}C${x + lean * 1.5} ${250 - height * 0.6} ${x} ${250 - height * 0.3} ${x + 9} 254Z`,
    fill: "#05402f",
    opacity: "0.85",
  });
}

export function scenery(): HTMLElement {
  const weeds = [40, 66, 96, 300, 322, 880, 910, 1090, 1124, 1150].map((x, i) =>
    weed(x, 60 + ((i * 53) % 90), i % 2 ? 14 : -16),
  );
  const bed = svg(
    "svg",
    {
      class: "seabed",
      viewBox: "0 0 1200 260",
      preserveAspectRatio: "xMidYMax slice",
      "aria-hidden": "true",
    },
    ...weeds,
    ...BED.map((layer) => svg("path", layer)),
  );
  const bubbles = Array.from({ length: 14 }, (_, i) => el("i", { class: `bubble bubble-${i}` }));
  return el(
    "div",
    { class: "scenery", "aria-hidden": "true" },
    el("div", { class: "rays" }),
    bed,
    ...bubbles,
  );
}
