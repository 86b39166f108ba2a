import "i18next";

import type account from "./account.en.json";
import type casino from "./casino.en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { account: typeof account; casino: typeof casino };
  }
}
