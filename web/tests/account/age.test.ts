import { expect, test } from "vitest";

import { ageOf } from "../../src/account/stuck/age.ts";

const NOON = Date.parse("2026-11-22T12:00:00Z");

test.each([
  ["2026-11-22T12:00:05Z", "0 seconds ago"],
  ["2026-11-22T11:59:18Z", "42 seconds ago"],
  ["2026-11-22T11:58:00Z", "2 minutes ago"],
  ["2026-11-22T09:01:00Z", "2 hours ago"],
  ["2026-11-19T12:00:00Z", "3 days ago"],
])("%s is %s", (since, age) => {
  expect(ageOf(since, NOON, "en")).toBe(age);
});
