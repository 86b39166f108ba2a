import { describe, expect, test } from "vitest";

import { chipValues, firstLevel, nextLevel } from "../../src/play/bet-levels";
import { shortAmount } from "../../src/play/chips";
import { percent } from "../../src/play/figures";
import { formatAmount, formatMoney, minorToDecimal } from "../../src/money";

/** Intl puts no-break spaces between amount and sign. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("minor units become text without a float in between", () => {
  test.each([
    [1050, 2, "10.50"],
    [7, 0, "7"],
    [5, 3, "0.005"],
    [-5, 2, "-0.05"],
    [-123456, 3, "-123.456"],
    [1, 8, "0.00000001"],
    [0, 8, "0.00000000"],
    [9007199254740991, 2, "90071992547409.91"],
    [123456789012345678901n, 8, "1234567890123.45678901"],
  ])("%s at exponent %i is %s", (minor, exponent, text) => {
    expect(minorToDecimal(minor, exponent)).toBe(text);
  });

  test.each([
    [123450, "EUR", 2, "en", "€1,234.50"],
    [123450, "EUR", 2, "de", "1.234,50 €"],
    [123450, "EUR", 2, "pt-BR", "€ 1.234,50"],
    [123450, "USD", 2, "es", "1234,50 $"],
    [1500, "JPY", 0, "en", "¥1,500"],
    [1500, "KWD", 3, "en", "KWD 1.500"],
    [12345, "BTC", 8, "en", "BTC 0.00012345"],
    [1500000, "USDT", 6, "en", "1.500000 USDT"],
    [9007199254740991, "EUR", 2, "en", "€90,071,992,547,409.91"],
  ])("%s %s (%i) in %s reads %s", (minor, currency, exponent, locale, text) => {
    expect(plain(formatMoney(minor, currency, exponent, locale))).toBe(text);
  });

  test("an amount without its currency keeps its digits", () => {
    expect(formatAmount(123450, 2, "de")).toBe("1.234,50");
  });

  test.each([
    ["0.9612", "en", "96.12%"],
    ["0.961299", "en", "96.12%"],
    ["36/37", "de", "97,29\u00a0%"],
    ["0.9947", "pt-BR", "99,47%"],
    ["1", "en", "100.00%"],
  ])("the rate %s in %s reads %s", (rate, locale, text) => {
    expect(percent(rate, locale)).toBe(text);
  });

  test.each([
    [20, 2, "en", "0.2"],
    [20, 2, "de", "0,2"],
    [500, 2, "en", "5"],
    [250000, 2, "en", "2.5k"],
    [250000, 2, "pt-BR", "2,5k"],
    [100000000, 2, "en", "1M"],
    [200, 8, "en", "2µ"],
    [20, 0, "en", "20"],
  ])("a chip of %i at exponent %i in %s says %s", (minor, exponent, locale, label) => {
    expect(shortAmount(minor, exponent, locale)).toBe(label);
  });
});

describe("bet levels", () => {
  const LEVELS = [20, 40, 60, 100, 160, 200, 400, 600, 1000, 2000, 4000, 6000, 10000];

  test.each([
    ["begins at a five-hundredth of the balance", 100_000, 200],
    ["stays in the lower half for the rich", 100_000_000, 200],
    ["takes the lowest for the poor", 100, 20],
    ["takes the lowest while the balance is unknown", null, 20],
  ])("%s", (_, balance, level) => {
    expect(firstLevel(LEVELS, balance)).toBe(level);
  });

  test.each([
    [20, 1, 40],
    [200, -1, 160],
    [10000, 1, 10000],
    [20, -1, 20],
    [150, 1, 160],
  ] as const)("from %i by %i to %i", (now, by, next) => {
    expect(nextLevel(LEVELS, now, by)).toBe(next);
  });

  test("chips are round values, lowest and highest among them", () => {
    expect(chipValues(LEVELS, 6)).toEqual([20, 100, 200, 1000, 2000, 10000]);
    expect(chipValues([30, 60, 90], 6)).toEqual([30, 60, 90]);
  });
});
