-- What else was proposed for a round is withdrawn with the correcting record: its evidence is of before.
CREATE OR REPLACE FUNCTION resolution_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  decided resolutions;
BEGIN
  UPDATE resolutions SET decided_at = NEW.at WHERE resolution_id = substr(NEW.request_id, 12) RETURNING * INTO decided;
  UPDATE resolutions SET withdrawn_at = NEW.at
  WHERE operator_id = decided.operator_id AND round_id = decided.round_id
    AND decided_at IS NULL AND withdrawn_at IS NULL;
  PERFORM add_audit(
    NEW.at, coalesce(decided.operator_id, ''), substr(NEW.request_id, 12),
    coalesce(decided.audit_entry, '{"act":"resolve_round","detail":"no entry was prepared"}'));
  RETURN NULL;
END
$$;
