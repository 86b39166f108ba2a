import { execFileSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import { curlOf, headerPairs, prettyJson } from "../../src/account/exchanges/bodies.ts";
import { phasesOf } from "../../src/account/exchanges/phases.ts";
import { hasFailed, marked } from "../../src/account/exchanges/sides.ts";

/** What a shell makes of a command, with `curl` replaced by something that tells its arguments. */
function argumentsInShell(command: string): string[] {
  const told = execFileSync("sh", ["-c", `curl() { printf '%s\\0' "$@"; }\n${command}`], {
    encoding: "utf8",
  });
  return told.split("\0").slice(0, -1);
}

describe("a request as a command", () => {
  const request = (body: string, headers: [string, string][]) => ({
    method: "POST",
    request: { url: "https://casino.example/wallet/bet?a=1&b=2", headers, body },
  });
  test.each([
    ['{"amount":50}', [["content-type", "application/json"]]],
    ['it\'s $HOME and `date` and \\ and "quotes"\nand lines', [["x-odd", "a'b; rm -rf *"]]],
    ["", []],
  ] as [string, [string, string][]][])("%j survives the shell", (body, headers) => {
    expect(argumentsInShell(curlOf(request(body, headers)))).toEqual([
      "-i",
      "-X",
      "POST",
      "https://casino.example/wallet/bet?a=1&b=2",
      ...headers.flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
      ...(body ? ["--data-raw", body] : []),
    ]);
  });
  test("headers that curl makes itself are left to it", () => {
    const told = argumentsInShell(
      curlOf(
        request("x", [
          ["Host", "a"],
          ["Content-Length", "1"],
          ["X-A", "b"],
        ]),
      ),
    );
    expect(told.filter((argument) => /host|length/i.test(argument))).toEqual([]);
    expect(told).toContain("X-A: b");
  });
});

describe("a body for reading", () => {
  test.each([
    '{"a":1,"b":[1,2,{"c":"x,y:{}[]"}],"d":{},"e":[],"f":"\\"\\\\"}',
    "[]",
    '"text"',
    ' { "spaced" : [ ] } ',
    '{"nested":[[[]],[{}]],"n":-1.5,"t":true,"z":null}',
  ])("%s keeps its meaning and is laid out as JSON.stringify would", (body) => {
    expect(prettyJson(body)).toBe(JSON.stringify(JSON.parse(body), null, 2));
  });
  test("digits stay as they were sent", () => {
    expect(prettyJson('{"n":12345678901234567890,"m":1.50}')).toBe(
      '{\n  "n": 12345678901234567890,\n  "m": 1.50\n}',
    );
  });
  test.each(["<html>", "", "{", "{'a':1}"])("%j is no JSON", (body) => {
    expect(prettyJson(body)).toBeNull();
  });
});

test.each([
  [[["a", "1"]], [["a", "1"]]],
  [{ a: "1" }, [["a", "1"]]],
  [undefined, []],
] as [Parameters<typeof headerPairs>[0], [string, string][]][])("headers %o", (given, pairs) => {
  expect(headerPairs(given)).toEqual(pairs);
});

describe("where the time went", () => {
  test.each<[string, [number | null, number | null, number | null, number], [string, number][]]>([
    [
      "a new connection",
      [200, 800, 9000, 10_000],
      [
        ["connect", 0.2],
        ["tls", 0.8],
        ["wait", 8],
        ["read", 1],
      ],
    ],
    [
      "a kept one",
      [null, null, 9000, 9500],
      [
        ["wait", 9],
        ["read", 0.5],
      ],
    ],
    ["no answer", [200, null, null, 5_000_000], [["connect", 0.2]]],
    ["nobody there", [null, null, null, 1000], []],
  ])("%s", (_, [connect_us, tls_us, first_byte_us, total_us], phases) => {
    const told = phasesOf({ dns_us: null, connect_us, tls_us, first_byte_us, total_us });
    expect(told.map(({ name, ms }) => [name, ms])).toEqual(phases);
  });
});

test("a name that had to be looked up", () => {
  const told = phasesOf({ dns_us: 3000, connect_us: 200, tls_us: 800, first_byte_us: 9000, total_us: 9500 });
  expect(told.map(({ name, ms }) => [name, ms])).toEqual([
    ["dns", 3],
    ["connect", 0.2],
    ["tls", 0.8],
    ["wait", 5],
    ["read", 0.5],
  ]);
});

describe("the proof in a body", () => {
  test.each([
    ["abc", [], "abc"],
    ["abc", [[1, 2]], "a[b]c"],
    ["abc", [[0, 3]], "[abc]"],
    [
      "abcdef",
      [
        [4, 5],
        [0, 2],
        [1, 3],
      ],
      "[ab][c]d[e]f",
    ],
    [
      "abc",
      [
        [2, 9],
        [7, 8],
      ],
      "ab[c]",
    ],
    ["😀b", [[2, 3]], "😀[b]"],
  ] as [string, number[][], string][])("%s %j", (text, spans, expected) => {
    const shown = marked(text, spans).map((part) => (part.marked ? `[${part.text}]` : part.text));
    expect(shown.join("")).toBe(expected);
  });
});

test("a declined bet is no failure, a refused win has a finding", () => {
  expect(hasFailed({ verdict: "declined", finding: null })).toBe(false);
  expect(hasFailed({ verdict: "declined", finding: "CRP-SESS-001" })).toBe(true);
  expect(hasFailed({ verdict: "unknown", finding: null })).toBe(true);
  expect(hasFailed({ verdict: "ok", finding: null })).toBe(false);
});
