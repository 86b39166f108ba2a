/** The logo: a brass spade on felt. */
export function Spade({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden focusable="false">
      <rect width="32" height="32" rx="7" fill="#075c3b" />
      <rect x="1" y="1" width="30" height="30" rx="6" fill="none" stroke="#c8932f" strokeOpacity=".55" />
      <path
        d="M16 5.5c1.6 4 8.3 6.9 8.3 12 0 3.2-2.3 4.9-4.7 4.9-1.2 0-2.2-.4-2.9-1.2.3 2.3 1.1 4.1 2.5 5.3h-6.4c1.4-1.2 2.2-3 2.5-5.3-.7.8-1.7 1.2-2.9 1.2-2.4 0-4.7-1.7-4.7-4.9 0-5.1 6.7-8 8.3-12z"
        fill="#f0c46a"
      />
    </svg>
  );
}
