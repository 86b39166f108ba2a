/** Of the sprite, from left to right. */
export const TILES = ["mermaid", "wild", "scatter"];
const BUBBLES = [
  [40, 176, 5],
  [66, 140, 3],
  [352, 170, 6],
  [330, 120, 3.5],
  [372, 92, 2.5],
  [24, 96, 2.5],
] as const;

/** Kraken's Hoard: three tiles over a seabed, light from above. The tiles are those of the game's sprite. */
export function SeaScene() {
  return (
    <svg viewBox="0 0 400 250" preserveAspectRatio="xMidYMid slice">
      <defs>
        <radialGradient id="sea-water" cx="50%" cy="-10%" r="115%">
          <stop offset="0" stopColor="#1591a0" />
          <stop offset=".45" stopColor="#07506b" />
          <stop offset="1" stopColor="#031a2c" />
        </radialGradient>
        <linearGradient id="sea-ray" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#c9fff4" stopOpacity=".32" />
          <stop offset="1" stopColor="#c9fff4" stopOpacity="0" />
        </linearGradient>
      </defs>
      <rect width="400" height="250" fill="url(#sea-water)" />
      {[-70, -20, 30, 80].map((x, ray) => (
        <path
          key={x}
          d={`M${200 + x} -10 L${200 + x * 2.6 - 26} 250 L${200 + x * 2.6 + 30} 250 L${212 + x} -10Z`}
          fill="url(#sea-ray)"
          opacity={ray % 2 ? 0.55 : 0.9}
        />
      ))}
      <path d="M0 214C70 190 130 226 205 208s130-26 195-2V250H0Z" fill="#04304a" />
      <path d="M0 230C90 208 170 240 250 226s110-10 150 2V250H0Z" fill="#021b2c" />
      {BUBBLES.map(([x, y, r]) => (
        <circle
          key={x}
          cx={x}
          cy={y}
          r={r}
          fill="#fff"
          fillOpacity=".1"
          stroke="#d9fff8"
          strokeOpacity=".45"
        />
      ))}
      {TILES.map((tile, place) => (
        <svg
          key={tile}
          x={[36, 133, 246][place]}
          y={place === 1 ? 50 : 76}
          width={place === 1 ? 134 : 118}
          height={place === 1 ? 134 : 118}
          viewBox="0 0 200 200"
        >
          <g transform={`rotate(${[-7, 0, 7][place] ?? 0} 100 100)`}>
            <use href={`#art-${tile}`} />
          </g>
        </svg>
      ))}
    </svg>
  );
}
