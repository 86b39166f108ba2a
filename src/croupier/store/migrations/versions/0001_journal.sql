-- The journal and its projections.
--
-- Times are bigint microseconds since 1970 UTC, amounts bigint minor units. Text ids are the operators' or ours.
-- `croupier_app` is the role the application works as: it may add to the journal, and change nothing in it.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'croupier_app') THEN
    CREATE ROLE croupier_app NOLOGIN;
  END IF;
  EXECUTE format('GRANT croupier_app TO %I', current_user);
EXCEPTION
  -- A login that may not make roles works with its own rights; an administrator can make the role for it.
  WHEN insufficient_privilege OR duplicate_object THEN
    RAISE NOTICE 'the role croupier_app could not be made or granted: %', SQLERRM;
END $$;

-- Tables of later migrations as well.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'croupier_app') THEN
    GRANT USAGE ON SCHEMA public TO croupier_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
      GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO croupier_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO croupier_app;
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE NOTICE 'croupier_app gets no rights: %', SQLERRM;
END $$;

-- ── The truth ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- `era` is raised by every restore: what was written after the backup may exist elsewhere.
CREATE TABLE store_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  era      integer NOT NULL DEFAULT 1
);
INSERT INTO store_state DEFAULT VALUES;

-- A seat is one player at one game in one mode: a stream of the journal. A rotated seat is no longer current.
CREATE TABLE seats (
  seat_id     uuid PRIMARY KEY,
  operator_id text NOT NULL,
  player_id   text NOT NULL,
  game_id     text NOT NULL,
  mode        text NOT NULL CHECK (mode IN ('real', 'demo', 'replay')),
  is_current  boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX seats_current ON seats (operator_id, player_id, game_id, mode) WHERE is_current;

-- Partitioned by the time within the seat's id (store/partitions.py). No default partition: a record without a
-- partition is refused, not hidden.
CREATE TABLE journal (
  seat_id    uuid     NOT NULL,
  seq        bigint   NOT NULL CHECK (seq >= 1),
  xid        xid8     NOT NULL DEFAULT pg_current_xact_id(),
  writer     text     NOT NULL,
  era        integer  NOT NULL,
  at         bigint   NOT NULL,
  format     smallint NOT NULL,
  opening    boolean  NOT NULL,
  request_id text,
  payload    bytea    NOT NULL,
  PRIMARY KEY (seat_id, seq)
) PARTITION BY RANGE (seat_id);
CREATE UNIQUE INDEX journal_request ON journal (seat_id, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX journal_xid ON journal (xid);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'croupier_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON journal FROM croupier_app;
  END IF;
END $$;

-- ── Projections: dropped and rebuilt by `croupier store rebuild` ────────────────────────────────────────────────────

-- Everything in the journal with a transaction id below `xid` is in the tables that follow.
-- `at`: time of the newest record among it. `system_identifier`: of the database cluster, which a restore changes.
CREATE TABLE projector_position (
  only_row          boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  system_identifier bigint,
  era               integer,
  xid               xid8    NOT NULL DEFAULT '0',
  at                bigint  NOT NULL DEFAULT 0,
  records           bigint  NOT NULL DEFAULT 0
);
INSERT INTO projector_position DEFAULT VALUES;

-- Streams that the projector cannot follow, with the reason. People look; other streams go on.
CREATE TABLE stopped_streams (
  seat_id uuid PRIMARY KEY,
  seq     bigint NOT NULL,
  at      bigint NOT NULL,
  why     text   NOT NULL
);

-- `bet`: what the wallet confirmed as bet and has not got back; `win`: the outcome; `paid`: what of it the wallet
-- confirmed. `pending`: transactions that must still be sent. `cause`: why it is rolled back or suspended.
CREATE TABLE rounds (
  round_id     text PRIMARY KEY,
  seat_id      uuid    NOT NULL,
  seq          bigint  NOT NULL,
  operator_id  text    NOT NULL,
  player_id    text    NOT NULL,
  game_id      text    NOT NULL,
  game_version text    NOT NULL,
  session_id   text    NOT NULL,
  bet_mode     text    NOT NULL,
  state        text    NOT NULL,
  cause        text,
  stake        bigint  NOT NULL CHECK (stake >= 0),
  bet          bigint  NOT NULL CHECK (bet >= 0),
  win          bigint  NOT NULL CHECK (win >= 0),
  paid         bigint  NOT NULL CHECK (paid >= 0),
  pending      integer NOT NULL CHECK (pending >= 0),
  steps        integer NOT NULL CHECK (steps >= 0),
  currency     text    NOT NULL,
  opened_at    bigint  NOT NULL,
  changed_at   bigint  NOT NULL,
  closed_at    bigint,
  -- A second guard, on another path than the machine's: a finished round owes nothing and has paid its outcome,
  -- unless people decided otherwise about it (`cause`).
  CONSTRAINT finished_has_an_end CHECK ((state IN ('closed', 'declined', 'cancelled')) = (closed_at IS NOT NULL)),
  CONSTRAINT finished_owes_nothing CHECK (closed_at IS NULL OR pending = 0),
  CONSTRAINT closed_has_paid CHECK (state <> 'closed' OR cause IS NOT NULL OR paid = win),
  CONSTRAINT declined_moved_nothing CHECK (state <> 'declined' OR (bet = 0 AND paid = 0)),
  CONSTRAINT cancelled_gave_back CHECK (
    state <> 'cancelled' OR cause NOT IN ('unknown_bet', 'abandoned', 'game_unavailable') OR (bet = 0 AND paid = 0))
) WITH (fillfactor = 85);
CREATE INDEX rounds_by_operator ON rounds (operator_id, opened_at, round_id);
CREATE INDEX rounds_by_player ON rounds (operator_id, player_id, opened_at, round_id);
CREATE INDEX rounds_by_game ON rounds (operator_id, game_id, opened_at, round_id);
CREATE INDEX rounds_not_closed ON rounds (operator_id, state, opened_at, round_id) WHERE state <> 'closed';
CREATE INDEX rounds_unfinished ON rounds (seat_id) WHERE closed_at IS NULL;

CREATE TABLE transactions (
  transaction_id     text PRIMARY KEY,
  round_id           text    NOT NULL,
  operator_id        text    NOT NULL,
  player_id          text    NOT NULL,
  game_id            text    NOT NULL,
  session_id         text    NOT NULL,
  kind               text    NOT NULL CHECK (kind IN ('bet', 'win', 'rollback', 'end_round')),
  state              text    NOT NULL,
  effect             text    NOT NULL CHECK (effect IN ('moved', 'none', 'unsure')),
  amount             bigint  NOT NULL CHECK (amount >= 0),
  currency           text    NOT NULL,
  reference          text,
  attempts           integer NOT NULL,
  first_sent_at      bigint  NOT NULL,
  last_sent_at       bigint  NOT NULL,
  operator_reference text,
  why                text
) WITH (fillfactor = 85);
CREATE INDEX transactions_by_operator ON transactions (operator_id, first_sent_at, transaction_id);
CREATE INDEX transactions_by_round ON transactions (round_id);
CREATE INDEX transactions_by_reference ON transactions (operator_id, operator_reference)
  WHERE operator_reference IS NOT NULL;

-- Closed rounds only, on the UTC day on which they closed, so that a day that is over does not change. Cancelled and
-- declined rounds moved no money in the end and are not in it. `wins` is what was paid. The sums of squares and of
-- products give the band of the return to player: var(win − rtp × bet) needs no single rounds.
CREATE TABLE daily (
  operator_id  text    NOT NULL,
  day          date    NOT NULL,
  game_id      text    NOT NULL,
  currency     text    NOT NULL,
  player_id    text    NOT NULL,
  rounds       bigint  NOT NULL,
  bets         bigint  NOT NULL,
  wins         bigint  NOT NULL,
  hits         bigint  NOT NULL,
  free_cost    bigint  NOT NULL DEFAULT 0,
  bets_squared numeric NOT NULL,
  wins_squared numeric NOT NULL,
  bets_wins    numeric NOT NULL,
  PRIMARY KEY (operator_id, day, game_id, currency, player_id)
) WITH (fillfactor = 80);
CREATE INDEX daily_by_player ON daily (operator_id, player_id, day);

-- The same without players: what a report over many days reads.
CREATE TABLE daily_games (
  operator_id  text    NOT NULL,
  day          date    NOT NULL,
  game_id      text    NOT NULL,
  currency     text    NOT NULL,
  rounds       bigint  NOT NULL,
  bets         bigint  NOT NULL,
  wins         bigint  NOT NULL,
  hits         bigint  NOT NULL,
  free_cost    bigint  NOT NULL DEFAULT 0,
  bets_squared numeric NOT NULL,
  wins_squared numeric NOT NULL,
  bets_wins    numeric NOT NULL,
  PRIMARY KEY (operator_id, day, game_id, currency)
) WITH (fillfactor = 80);

-- ── Exchanges: what was said on the wire ────────────────────────────────────────────────────────────────────────────

-- A few hundred exchanges of one operator, zstd of a MessagePack list. `keep`: holds one with a finding, a failure or
-- a slow answer, so it is kept longer.
CREATE TABLE exchange_chunks (
  chunk_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operator_id text    NOT NULL,
  first_at    bigint  NOT NULL,
  last_at     bigint  NOT NULL,
  exchanges   integer NOT NULL,
  keep        boolean NOT NULL,
  bytes       integer NOT NULL,
  data        bytea   NOT NULL
);
ALTER TABLE exchange_chunks ALTER COLUMN data SET STORAGE EXTERNAL; -- compressed already
CREATE INDEX exchange_chunks_by_operator ON exchange_chunks (operator_id, last_at);

-- Rows for what people look for: not accepted, slow, or among the first thousand of an operator's day.
CREATE TABLE exchange_index (
  exchange_id    text PRIMARY KEY,
  chunk_id       bigint  NOT NULL REFERENCES exchange_chunks ON DELETE CASCADE,
  place          integer NOT NULL,
  operator_id    text    NOT NULL,
  at             bigint  NOT NULL,
  direction      text    NOT NULL CHECK (direction IN ('in', 'out')),
  call           text    NOT NULL,
  method         text    NOT NULL,
  path           text    NOT NULL,
  status         integer,
  verdict        text    NOT NULL,
  why            text    NOT NULL,
  total_ms       integer NOT NULL,
  round_id       text,
  transaction_id text,
  player_id      text
);
CREATE INDEX exchange_index_by_operator ON exchange_index (operator_id, at, exchange_id);
CREATE INDEX exchange_index_by_verdict ON exchange_index (operator_id, verdict, at);
CREATE INDEX exchange_index_by_round ON exchange_index (round_id) WHERE round_id IS NOT NULL;
CREATE INDEX exchange_index_by_chunk ON exchange_index (chunk_id);

-- What was dropped because writing could not follow, so that nobody takes a gap for silence.
CREATE TABLE exchange_losses (
  operator_id text   NOT NULL,
  day         date   NOT NULL,
  dropped     bigint NOT NULL,
  PRIMARY KEY (operator_id, day)
);
