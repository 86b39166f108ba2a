/**
 * Money for people. Amounts are integers in minor units all the way here; the only place where a decimal
 * point appears is the text that `Intl` makes, and it is made from digits, never from a float.
 */

export type Minor = number | bigint;

/** `minorToDecimal(1050, 2)` → `"10.50"`, `(-5, 3)` → `"-0.005"`, `(7, 0)` → `"7"`. */
export function minorToDecimal(minor: Minor, exponent: number): string {
  const whole = BigInt(minor);
  const digits = (whole < 0n ? -whole : whole).toString().padStart(exponent + 1, "0");
  const sign = whole < 0n ? "-" : "";
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

const formats = new Map<string, Intl.NumberFormat>();

function format(currency: string, exponent: number, locale: string): Intl.NumberFormat {
  const key = `${locale}|${currency}|${exponent}`;
  let found = formats.get(key);
  if (!found) {
    const digits = { minimumFractionDigits: exponent, maximumFractionDigits: exponent };
    // Intl takes three-letter codes only; anything else (USDT, MBTC) is a number with its code behind it.
    found = /^[A-Z]{3}$/.test(currency)
      ? new Intl.NumberFormat(locale, {
          style: "currency",
          currency,
          currencyDisplay: "narrowSymbol",
          ...digits,
        })
      : new Intl.NumberFormat(locale, digits);
    formats.set(key, found);
  }
  return found;
}

/** `formatMoney(123450, "EUR", 2, "de")` → `"1.234,50 €"`; exact for any number of digits. */
export function formatMoney(minor: Minor, currency: string, exponent: number, locale: string): string {
  const text = format(currency, exponent, locale).format(minorToDecimal(minor, exponent) as `${number}`);
  return /^[A-Z]{3}$/.test(currency) ? text : `${text} ${currency}`;
}

/** Number without its currency, for table columns whose head names it. */
export function formatAmount(minor: Minor, exponent: number, locale: string): string {
  return format("", exponent, locale).format(minorToDecimal(minor, exponent) as `${number}`);
}
