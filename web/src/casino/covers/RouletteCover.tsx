import { pockets } from "../../brand/wheel.ts";

/** The wheel from above, half of it out of the picture. */
export function RouletteCover() {
  return (
    <svg viewBox="0 0 400 250" preserveAspectRatio="xMidYMid slice">
      <defs>
        <radialGradient id="table-felt" cx="50%" cy="20%" r="100%">
          <stop offset="0" stopColor="#138a5c" />
          <stop offset="1" stopColor="#043a26" />
        </radialGradient>
        <radialGradient id="cover-wood">
          <stop offset=".45" stopColor="#8b5423" />
          <stop offset=".88" stopColor="#4a270c" />
          <stop offset="1" stopColor="#1d0f04" />
        </radialGradient>
        <radialGradient id="cover-hub" cx="40%" cy="35%" r="70%">
          <stop offset="0" stopColor="#fff3c4" />
          <stop offset=".5" stopColor="#c8932f" />
          <stop offset="1" stopColor="#5d3a0a" />
        </radialGradient>
        <filter id="cover-shade" x="-20%" y="-20%" width="140%" height="140%">
          <feDropShadow dx="0" dy="8" stdDeviation="9" floodOpacity=".5" />
        </filter>
      </defs>
      <rect width="400" height="250" fill="url(#table-felt)" />
      <g transform="translate(200 176)" filter="url(#cover-shade)">
        <circle r="160" fill="url(#cover-wood)" />
        <circle r="160" fill="none" stroke="#c8932f" strokeWidth="2.5" />
        <circle r="140" fill="#c8932f" />
        <g transform="rotate(-24)">
          {pockets(88, 137).map(({ number, path, fill, turn }) => (
            <g key={number}>
              <path d={path} fill={fill} stroke="#d6a545" />
              <text y="-119" transform={`rotate(${turn.toFixed(2)})`} className="cover-number">
                {number}
              </text>
            </g>
          ))}
          <circle r="110" fill="none" stroke="#d6a545" strokeOpacity=".7" />
          <circle r="88" fill="url(#cover-wood)" stroke="#d6a545" strokeWidth="2.5" />
          {[20, 110, 200, 290].map((turn) => (
            <rect
              key={turn}
              x="-5"
              y="-78"
              width="10"
              height="78"
              rx="5"
              fill="url(#cover-hub)"
              transform={`rotate(${String(turn)})`}
            />
          ))}
          <circle r="28" fill="url(#cover-hub)" />
          <circle r="12" fill="url(#cover-hub)" stroke="#7a4c10" />
        </g>
        <circle cx="47" cy="-88" r="7.5" fill="#fff" stroke="#8793a3" strokeWidth=".6" />
      </g>
    </svg>
  );
}
