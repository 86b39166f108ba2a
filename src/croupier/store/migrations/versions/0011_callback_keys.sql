-- A key of its own for calls to the wallet, in APIs that have one key for both directions.

ALTER TABLE operator_secrets DROP CONSTRAINT operator_secrets_name_check;
ALTER TABLE operator_secrets ADD CONSTRAINT operator_secrets_name_check CHECK (name IN ('wallet', 'answer', 'callback'));
