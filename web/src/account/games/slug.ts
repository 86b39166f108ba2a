/** An id made from a name: `slugOf("Großer Spaß!", [])` → `"grosser-spass"`; a number makes it new. */
export function slugOf(name: string, taken: string[]): string {
  const slug =
    name
      .toLowerCase()
      .replaceAll("ß", "ss")
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 56) || "set";
  if (!taken.includes(slug)) return slug;
  let number = 2;
  while (taken.includes(`${slug}-${String(number)}`)) number += 1;
  return `${slug}-${String(number)}`;
}
