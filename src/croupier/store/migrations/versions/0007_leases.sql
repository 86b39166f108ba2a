-- A worker's row is its lease: it raises `beats` every second, and the others watch the number, never a clock.
-- `place`: which process of which server it is. Who begins at a place has outlived whoever was there before.
ALTER TABLE workers ADD COLUMN place text NOT NULL DEFAULT '';
CREATE INDEX workers_by_place ON workers (place) WHERE place <> '';
