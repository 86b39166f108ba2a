/** `"0.961234"` → `"96.12 %"` as the language writes it. The digits are cut, so a claim is never rounded up. */
export function percentOf(rate: string, language: string): string {
  const [whole = "0", digits = ""] = rate.split(".");
  const hundredths = BigInt(whole + digits.slice(0, 4).padEnd(4, "0"));
  return new Intl.NumberFormat(language, { style: "percent", minimumFractionDigits: 2 }).format(
    Number(hundredths) / 10_000,
  );
}
