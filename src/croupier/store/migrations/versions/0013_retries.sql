-- Wins and rollbacks that somebody wants sent again now. Only to hurry what is sent anyway: each worker looks for those
-- that wait in its own memory, and nothing relies on it.
CREATE TABLE retries (
  number         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operator_id    text        NOT NULL,
  transaction_id text        NOT NULL,
  asked_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX retries_by_time ON retries (asked_at);
