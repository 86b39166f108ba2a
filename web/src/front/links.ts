/** Where the parts of this installation are. `casino` is null where no demo casino runs. */
export type Links = { casino: string | null; account: string; docs: string; test?: boolean };

/** `withPath("http://host:8081/", "/g/x")` → `"http://host:8081/g/x"`. */
export function withPath(base: string, path: string): string {
  return path === "" ? base : base.replace(/\/$/, "") + path;
}
