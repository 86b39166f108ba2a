/** Long ids differ at their end: the middle is what can be left out. `rd_…k3JdX9Yz` */
export function shortId(id: string): string {
  if (id.length <= 18) return id;
  const prefix = /^[a-z]{1,4}_/.exec(id)?.[0] ?? id.slice(0, 4);
  return `${prefix}…${id.slice(-8)}`;
}
