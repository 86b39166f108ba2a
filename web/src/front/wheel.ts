import { pockets } from "../brand/wheel.ts";

/** The roulette wheel of the front door. */
export function wheelSvg(): string {
  const drawn = pockets(92, 168)
    .map(
      ({ number, path, fill, turn }) =>
        `<path d="${path}" fill="${fill}"/><text y="-147" transform="rotate(${turn.toFixed(2)})">${String(number)}</text>`,
    )
    .join("");
  const spokes = [20, 110, 200, 290]
    .map((turn) => `<rect x="-6" y="-84" width="12" height="84" rx="6" transform="rotate(${String(turn)})"/>`)
    .join("");
  return `<svg viewBox="-200 -200 400 400" focusable="false"><defs>
<radialGradient id="wood"><stop offset=".45" stop-color="#8b5423"/><stop offset=".88" stop-color="#4a270c"/><stop offset="1" stop-color="#1d0f04"/></radialGradient>
<radialGradient id="hub" cx="40%" cy="35%" r="70%"><stop offset="0" stop-color="#fff3c4"/><stop offset=".5" stop-color="#c8932f"/><stop offset="1" stop-color="#5d3a0a"/></radialGradient></defs>
<circle r="197" fill="url(#wood)"/><circle r="196" fill="none" stroke="#c8932f" stroke-width="3"/><circle r="172" fill="#c8932f"/>
<g class="rotor"><g class="pockets">${drawn}</g><circle r="130" class="fret"/><circle r="92" fill="url(#wood)" class="rim"/>
<g fill="url(#hub)">${spokes}<circle r="32"/><circle r="14" stroke="#7a4c10"/></g></g>
<circle cx="58" cy="-102" r="9" fill="#fff" stroke="#8793a3"/></svg>`;
}
