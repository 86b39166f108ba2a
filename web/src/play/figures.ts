/** Exact figures for people: a rate arrives as decimal text or as a fraction, and never becomes a float. */

/** `"0.9612"` or `"36/37"` → `96.12%`, as the locale writes it; more digits are cut, not rounded up. */
export function percent(rate: string, locale: string): string {
  const [top = "0", bottom = "1"] = rate.split("/");
  const places = (text: string) => text.split(".")[1]?.length ?? 0;
  const digits = Math.max(places(top), places(bottom));
  const whole = (text: string) => BigInt(text.replace(".", "") + "0".repeat(digits - places(text)));
  const hundredths = (whole(top) * 10_000n) / whole(bottom);
  const share = `${hundredths / 10_000n}.${String(hundredths % 10_000n).padStart(4, "0")}`;
  return new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 2 }).format(
    share as `${number}`,
  );
}

export function formatDecimal(text: string, locale: string, digits = 0): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: 20 }).format(
    text as `${number}`,
  );
}
