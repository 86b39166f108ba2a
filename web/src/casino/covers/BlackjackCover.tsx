const SPADE =
  "M50 4C60 30 96 46 96 74c0 17-13 26-27 26-7 0-12-3-15-7 1 12 6 19 14 25H32c8-6 13-13 14-25-3 4-8 7-15 7-14 0-27-9-27-26C4 46 40 30 50 4z";
const HEART =
  "M50 108C18 80 4 60 4 38 4 20 17 8 31 8c9 0 16 5 19 13C53 13 60 8 69 8c14 0 27 12 27 30 0 22-14 42-46 70z";

function Card(props: { rank: string; suit: string; color: string; at: string }) {
  const { rank, suit, color, at } = props;
  return (
    <g transform={at} filter="url(#card-shade)">
      <rect x="-52" y="-74" width="104" height="148" rx="10" fill="url(#card-face)" stroke="#cbd5d0" />
      <text x="-42" y="-44" className="cover-rank" fill={color}>
        {rank}
      </text>
      <svg x="-42" y="-38" width="20" height="22" viewBox="0 0 100 120">
        <path d={suit} fill={color} />
      </svg>
      <svg x="-29" y="-26" width="58" height="66" viewBox="0 0 100 120">
        <path d={suit} fill={color} />
      </svg>
    </g>
  );
}

function Chip({ x, y, color }: { x: number; y: number; color: string }) {
  return (
    <g transform={`translate(${String(x)} ${String(y)})`} filter="url(#card-shade)">
      <circle r="25" fill={color} />
      {[0, 45, 90, 135, 180, 225, 270, 315].map((turn) => (
        <rect
          key={turn}
          x="-4"
          y="-24.5"
          width="8"
          height="8"
          fill="#fff"
          fillOpacity=".92"
          transform={`rotate(${String(turn)})`}
        />
      ))}
      <circle r="16" fill={color} stroke="#fff" strokeWidth="1.4" strokeDasharray="2.6 2.2" />
    </g>
  );
}

/** A natural: ace and king, and the chips beside them. */
export function BlackjackCover() {
  return (
    <svg viewBox="0 0 400 250" preserveAspectRatio="xMidYMid slice">
      <defs>
        <radialGradient id="jack-felt" cx="50%" cy="10%" r="110%">
          <stop offset="0" stopColor="#0f6f78" />
          <stop offset="1" stopColor="#04262f" />
        </radialGradient>
        <linearGradient id="card-face" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#fff" />
          <stop offset="1" stopColor="#eaf0ed" />
        </linearGradient>
        <filter id="card-shade" x="-30%" y="-30%" width="160%" height="160%">
          <feDropShadow dx="0" dy="5" stdDeviation="5" floodOpacity=".45" />
        </filter>
      </defs>
      <rect width="400" height="250" fill="url(#jack-felt)" />
      <path d="M-20 70 Q200 190 420 70" fill="none" stroke="#f0c46a" strokeOpacity=".5" strokeWidth="2" />
      <path d="M-20 84 Q200 206 420 84" fill="none" stroke="#f0c46a" strokeOpacity=".25" strokeWidth="1" />
      <Card rank="K" suit={HEART} color="#c81e1e" at="translate(246 132) rotate(13)" />
      <Card rank="A" suit={SPADE} color="#101820" at="translate(158 126) rotate(-10)" />
      <Chip x={318} y={208} color="#0b7a50" />
      <Chip x={346} y={186} color="#b3161f" />
      <Chip x={66} y={206} color="#14181f" />
    </svg>
  );
}
