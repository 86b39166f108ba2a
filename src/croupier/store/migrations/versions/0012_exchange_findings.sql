-- Why an exchange failed, as far as it was known when it was written: the first finding and whose side it is on.
ALTER TABLE exchange_index ADD COLUMN finding text, ADD COLUMN side text;
CREATE INDEX exchange_index_by_finding ON exchange_index (operator_id, finding, at) WHERE finding IS NOT NULL;
