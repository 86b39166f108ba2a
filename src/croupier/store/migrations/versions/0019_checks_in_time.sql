-- When a check of a wallet sent this: a statement older than any that is compared needs it no more.
ALTER TABLE certification_transactions ADD COLUMN sent_on date NOT NULL DEFAULT current_date;
CREATE INDEX certification_transactions_by_day ON certification_transactions (sent_on);

-- How long a check has run, by the database's clock, as `beat_at` is.
ALTER TABLE certifications ADD COLUMN taken_at timestamptz;
