/** `megabytes(1_500_000, "en")` → `"1.5 MB"`; what is not nothing is never shown as nothing. */
export function megabytes(bytes: number, locale: string): string {
  const shown = bytes > 0 ? Math.max(bytes / 1_000_000, 0.1) : 0;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: shown < 10 ? 1 : 0,
  }).format(shown);
}
