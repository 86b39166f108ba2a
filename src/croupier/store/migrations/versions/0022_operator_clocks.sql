-- How far each operator's clock is from ours, as measured. `lag_ms` is part of the settings that rounds begin with: it
-- rises at once, and falls when it was not seen so high for an hour.
CREATE TABLE operator_clocks (
  operator_id text PRIMARY KEY REFERENCES operators,
  measured_at bigint  NOT NULL,
  samples     integer NOT NULL,
  median_ms   bigint  NOT NULL,
  lowest_ms   bigint  NOT NULL,
  highest_ms  bigint  NOT NULL,
  lag_ms      bigint  NOT NULL,
  lag_at      bigint  NOT NULL
);
COMMENT ON COLUMN operator_clocks.median_ms IS 'Plus = ahead of ours';
CREATE TRIGGER operator_clocks_raise AFTER UPDATE ON operator_clocks
    FOR EACH ROW WHEN (OLD.lag_ms IS DISTINCT FROM NEW.lag_ms) EXECUTE FUNCTION raise_config_version();
CREATE TRIGGER operator_clocks_first AFTER INSERT ON operator_clocks
    FOR EACH ROW WHEN (NEW.lag_ms > 30000) EXECUTE FUNCTION raise_config_version();
