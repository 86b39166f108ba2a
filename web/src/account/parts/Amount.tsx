import { useTranslation } from "react-i18next";

import { formatMoney } from "../../money.ts";

type Props = { minor: number; currency: string; exponent: number; testId?: string; quiet?: boolean };

/** Money, with the integer beside it for whoever checks: `data-minor`. */
export function Amount({ minor, currency, exponent, testId, quiet = false }: Props) {
  const { i18n } = useTranslation();
  return (
    <span
      className={quiet && minor === 0 ? "amount dim" : "amount"}
      data-testid={testId}
      data-minor={minor}
      data-currency={currency}
    >
      {formatMoney(minor, currency, exponent, i18n.language)}
    </span>
  );
}
