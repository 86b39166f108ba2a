import { expect, test } from "vitest";

import { withPath } from "../../src/front/links.ts";

test.each([
  ["http://localhost:8081", "/g/krakens-hoard", "http://localhost:8081/g/krakens-hoard"],
  ["http://localhost:8081/", "/g/krakens-hoard", "http://localhost:8081/g/krakens-hoard"],
  ["/docs/", "", "/docs/"],
])("%s with %s", (base, path, address) => {
  expect(withPath(base, path)).toBe(address);
});
