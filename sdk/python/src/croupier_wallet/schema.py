"""The ledger's two tables, for each database. ``python -m croupier_wallet postgresql`` prints them."""

from croupier_wallet.databases import Kind

# Ids are compared byte by byte: MySQL would otherwise take t-Ab for t-aB.
_IDS = {"mysql": " CHARACTER SET ascii COLLATE ascii_bin"}
_END = {"mysql": " ENGINE = InnoDB"}


def statements(kind: Kind) -> list[str]:
    """SQL that makes what is missing."""
    ids, end = _IDS.get(kind, ""), _END.get(kind, "")
    return [
        f"""CREATE TABLE IF NOT EXISTS croupier_tx (
  provider   varchar(32){ids} NOT NULL,
  tx_id      varchar(64){ids} NOT NULL,
  kind       varchar(8)   NOT NULL,
  status     varchar(10)  NOT NULL,
  player_id  varchar(64){ids} NOT NULL,
  round_id   varchar(64){ids} NOT NULL,
  ref_tx_id  varchar(64){ids},
  amount     bigint       NOT NULL,
  currency   varchar(10)  NOT NULL,
  body_hash  varchar(64)  NOT NULL,
  response   text         NOT NULL,
  created_at timestamp    NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (provider, tx_id)
){end}""",
        f"CREATE TABLE IF NOT EXISTS croupier_lock (player_id varchar(64){ids} NOT NULL PRIMARY KEY){end}",
    ]
