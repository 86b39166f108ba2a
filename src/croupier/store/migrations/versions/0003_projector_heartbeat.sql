-- When the projector last saw that no record was waiting, by its own clock: the journal's times may lie in the past.
ALTER TABLE projector_position ADD COLUMN caught_up_at bigint NOT NULL DEFAULT 0;
