-- The ledger: what each record of the journal moved in a round, by double entry. Rows are only ever added; the projector
-- writes them in the journal's order, so everything before some `xid` is the same for ever: a statement names that place.

CREATE TABLE ledger (
  xid           xid8   NOT NULL,
  seat_id       uuid   NOT NULL,
  seq           bigint NOT NULL,
  at            bigint NOT NULL,
  operator_id   text   NOT NULL,
  player_id     text   NOT NULL,
  game_id       text   NOT NULL,
  currency      text   NOT NULL,
  round_id      text   NOT NULL,
  bet           bigint NOT NULL CHECK (bet >= 0),
  win           bigint NOT NULL CHECK (win >= 0),
  rollback      bigint NOT NULL CHECK (rollback >= 0),
  -- What the three accounts received less what they gave: the player's wallet, the round, the house.
  wallet        bigint NOT NULL,
  round_account bigint NOT NULL,
  house         bigint NOT NULL
);
COMMENT ON TABLE ledger IS 'Balanced by `croupier ledger check`: a constraint would hide what the check is for';
-- Rows come in the order of time: a summary of each block range finds a day, and costs the projector nothing.
CREATE INDEX ledger_at ON ledger USING brin (at) WITH (autosummarize = on);

-- What was projected before is projected again, so that the ledger begins with the first round.
TRUNCATE rounds, transactions, daily, daily_games, stopped_streams;
UPDATE projector_position SET xid = '0', at = 0, records = 0;
