"""``python -m croupier_wallet postgresql``: the SQL of the ledger's tables, for a migration."""

import sys

from croupier_wallet.schema import statements

if sys.argv[1:] not in (["sqlite"], ["postgresql"], ["mysql"]):
    sys.exit("usage: python -m croupier_wallet sqlite|postgresql|mysql")
print(*(statement + ";" for statement in statements(sys.argv[1])), sep="\n")  # type: ignore[arg-type]
