import { describe, expect, test } from "vitest";

import { changesOf } from "../../src/account/audit/changes.ts";

describe("what an entry of the audit log says", () => {
  test("a change, field by field; what stayed is left out", () => {
    const entry = { before: { days: 7, mb: 100 }, after: { days: 30, mb: 100 }, more: {} };
    expect(changesOf(entry)).toEqual([{ name: "days", before: "7", after: "30" }]);
  });
  test("something new has no before, something that is gone no after", () => {
    expect(changesOf({ before: null, after: { name: "Sea" }, more: {} })).toEqual([
      { name: "name", before: undefined, after: "Sea" },
    ]);
    expect(changesOf({ before: { name: "Sea" }, after: null, more: {} })).toEqual([
      { name: "name", before: "Sea", after: "–" },
    ]);
  });
  test("other facts; digests and empty ones are for the API's readers", () => {
    const more = { body_sha256: "e3b0", method: "PUT", others: "revoked", missing: [] };
    expect(changesOf({ before: null, after: null, more })).toEqual([
      { name: "others", before: undefined, after: "revoked" },
    ]);
  });
  test("a long value is cut", () => {
    const [line] = changesOf({
      before: null,
      after: { ids: Array.from({ length: 50 }, () => "p-1001") },
      more: {},
    });
    expect(line?.after).toHaveLength(80);
  });
});
