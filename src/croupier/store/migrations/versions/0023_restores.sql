-- `restored_at`: when the database was last restored from a backup, microseconds; 0 = never. What was played after the backup
-- exists at the operators' wallets and not here, in places of streams that what is played now would take once more: nothing
-- new begins in a stream that is older. `restoring`: `croupier store restored` has begun and not ended; no server starts.
ALTER TABLE store_state
  ADD COLUMN restored_at bigint  NOT NULL DEFAULT 0,
  ADD COLUMN restoring   boolean NOT NULL DEFAULT false;
