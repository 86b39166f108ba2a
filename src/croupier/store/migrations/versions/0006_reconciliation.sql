-- Reconciliations and what follows from them.

-- The document is the result, byte for byte; its id is made of its own SHA-256, so the same result is stored once.
CREATE TABLE reconciliations (
  reconciliation_id text PRIMARY KEY,
  operator_id       text    NOT NULL REFERENCES operators,
  day               date    NOT NULL,
  currency          text,
  complete          boolean NOT NULL,
  document          bytea   NOT NULL,
  differences       integer NOT NULL,
  automatic         integer NOT NULL,
  created_at        bigint  NOT NULL,
  created_by        text    NOT NULL
);
CREATE INDEX reconciliations_newest ON reconciliations (operator_id, created_at DESC, reconciliation_id);
CREATE INDEX reconciliations_of_day ON reconciliations (operator_id, day, created_at DESC);

-- Orders to the platform: what a reconciliation decided by rule. A worker takes one for a while, records it in the
-- journal under the request id `repair/<repair_id>`, so it happens once whoever dies, and says how it ended.
CREATE TABLE repairs (
  repair_id         text PRIMARY KEY,
  operator_id       text   NOT NULL REFERENCES operators,
  seat_id           uuid   NOT NULL,
  round_id          text   NOT NULL,
  transaction_id    text   NOT NULL,
  act               text   NOT NULL CHECK (act IN ('roll_back', 'suspend')),
  reconciliation_id text   NOT NULL REFERENCES reconciliations,
  asked_at          bigint NOT NULL,
  taken_by          text,
  taken_until       timestamptz,
  done_at           bigint,
  result            text,
  detail            text   NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX repairs_open ON repairs (transaction_id) WHERE done_at IS NULL;
CREATE INDEX repairs_by_round ON repairs (round_id);
CREATE INDEX repairs_by_reconciliation ON repairs (reconciliation_id);
