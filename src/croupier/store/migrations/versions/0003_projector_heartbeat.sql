-- When the projector last saw that no record was waiting, by its own clock: the journal's times may lie in the past.
ALTER TABLE projector_position ADD COLUMN caught_up_at bigint NOT NULL DEFAULT 0;
UPDATE projector_position SET caught_up_at = extract(epoch FROM now())::bigint * 1000000;
