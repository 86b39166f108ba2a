import { useTranslation } from "react-i18next";

import { formatMoney } from "../money.ts";
import type { Visitor } from "./backend.ts";

export function Balance({ visitor }: { visitor: Visitor }) {
  const { t, i18n } = useTranslation("casino");
  return (
    <span className="balance">
      <span className="balance-label">{t("balance")}</span>
      <strong data-testid="casino-balance" data-minor={visitor.balance}>
        {formatMoney(visitor.balance, visitor.currency, visitor.exponent, i18n.language)}
      </strong>
    </span>
  );
}
