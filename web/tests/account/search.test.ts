import { expect, test } from "vitest";

import { placesFor } from "../../src/account/search.ts";

test.each([
  ["rd_AaIDb186eIysAkY8", [["round"], ["transaction", "player"]]],
  ["ex_AAYv", [["exchange"], ["transaction", "player"]]],
  ["cert_VxE4-ne1Q", [["check"], ["transaction", "player"]]],
  ["b_uZASlaUnJ8WVEXwW5Ugi0Q", [["transaction", "player"]]],
  ["visitor-42", [["transaction", "player"]]],
])("the id %s is looked for in %o", (id, places) => {
  expect(placesFor(id)).toEqual(places);
});
