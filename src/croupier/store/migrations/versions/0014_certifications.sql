-- Checks of an operator's wallet by the rules of `croupier certify`, asked for here and run by a process of their own.

-- `beat_at` is the database's time: several servers judge by it whether whoever runs a check still lives.
CREATE TABLE certifications (
  certification_id text PRIMARY KEY,
  operator_id      text   NOT NULL REFERENCES operators,
  state            text   NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'stopped', 'cut_off')),
  asked            jsonb  NOT NULL,
  asked_by         text   NOT NULL,
  asked_at         bigint NOT NULL,
  wallet           jsonb,
  began_at         bigint,
  ended_at         bigint,
  beat_at          timestamptz,
  why              text   NOT NULL DEFAULT '',
  fix_first        text   NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX certifications_one_at_a_time ON certifications (operator_id) WHERE state IN ('queued', 'running');
CREATE INDEX certifications_open ON certifications (asked_at) WHERE state IN ('queued', 'running');
CREATE INDEX certifications_newest ON certifications (operator_id, asked_at DESC, certification_id);
COMMENT ON COLUMN certifications.wallet IS 'Address, dialect, currency and versions that were tried; null until it began';

-- One row for each rule that was judged, as it was judged; beside it what was said on the wire. Compressed JSON.
CREATE TABLE certification_results (
  certification_id text    NOT NULL REFERENCES certifications,
  place            integer NOT NULL,
  rule_id          text    NOT NULL,
  verdict          text    NOT NULL,
  result           bytea   NOT NULL,
  evidence         bytea   NOT NULL,
  PRIMARY KEY (certification_id, place)
);
CREATE UNIQUE INDEX certification_results_by_rule ON certification_results (certification_id, rule_id);

-- The report in each format, written once when a check ends.
CREATE TABLE certification_reports (
  certification_id text  NOT NULL REFERENCES certifications,
  format           text  NOT NULL,
  document         bytea NOT NULL,
  PRIMARY KEY (certification_id, format)
);
