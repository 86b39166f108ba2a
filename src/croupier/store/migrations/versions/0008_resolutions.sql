-- Resolutions of suspended rounds, by two people, and the audit log.

CREATE TABLE resolutions (
  resolution_id text PRIMARY KEY,
  operator_id   text   NOT NULL REFERENCES operators,
  round_id      text   NOT NULL,
  seat_id       uuid   NOT NULL,
  target        text   NOT NULL,
  settled       jsonb  NOT NULL,
  evidence      text   NOT NULL,
  reason        text   NOT NULL,
  proposed_by   text   NOT NULL REFERENCES users,
  proposed_at   bigint NOT NULL,
  lapses_at     bigint NOT NULL,
  withdrawn_at  bigint,
  approved_by   text REFERENCES users,
  audit_entry   text,
  decided_at    bigint
);
CREATE INDEX resolutions_by_round ON resolutions (operator_id, round_id, proposed_at);
COMMENT ON COLUMN resolutions.audit_entry IS 'Canonical JSON, ready before the correcting record is written';
COMMENT ON COLUMN resolutions.decided_at IS 'Set by the trigger below, with the correcting record';

-- A chain: each hash covers the one before, so that a changed, lost or moved entry is seen. Order is by number.
CREATE TABLE audit (
  number      bigint PRIMARY KEY,
  at          bigint NOT NULL,
  operator_id text   NOT NULL,
  object      text   NOT NULL,
  entry       text   NOT NULL,
  prev_hash   bytea  NOT NULL,
  hash        bytea  NOT NULL
);
CREATE INDEX audit_by_operator ON audit (operator_id, number);
CREATE TABLE audit_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  number   bigint NOT NULL DEFAULT 0,
  hash     bytea  NOT NULL DEFAULT sha256('')
);
INSERT INTO audit_head DEFAULT VALUES;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'croupier_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM croupier_app;
  END IF;
END $$;

CREATE FUNCTION add_audit(at bigint, operator_id text, object text, entry text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  head audit_head;
  fresh bytea;
BEGIN
  SELECT * INTO head FROM audit_head FOR UPDATE;
  fresh := sha256(head.hash || convert_to((head.number + 1)::text || E'\n' || entry, 'UTF8'));
  INSERT INTO audit VALUES (head.number + 1, at, operator_id, object, entry, head.hash, fresh);
  UPDATE audit_head SET number = head.number + 1, hash = fresh;
END
$$;

-- The correcting record, the end of its resolution and the audit entry are one transaction, whoever writes the record.
CREATE FUNCTION resolution_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  decided resolutions;
BEGIN
  UPDATE resolutions SET decided_at = NEW.at WHERE resolution_id = substr(NEW.request_id, 12) RETURNING * INTO decided;
  PERFORM add_audit(
    NEW.at, coalesce(decided.operator_id, ''), substr(NEW.request_id, 12),
    coalesce(decided.audit_entry, '{"act":"resolve_round","detail":"no entry was prepared"}'));
  RETURN NULL;
END
$$;
CREATE TRIGGER journal_resolution AFTER INSERT ON journal
  FOR EACH ROW WHEN (NEW.request_id LIKE 'resolution/%') EXECUTE FUNCTION resolution_recorded();
