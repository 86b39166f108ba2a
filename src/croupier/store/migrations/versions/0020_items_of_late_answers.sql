-- Late answers leave something to do as well, and no reconciliation has found it. `compare`: for people, done by nobody.
ALTER TABLE repairs ALTER COLUMN reconciliation_id DROP NOT NULL;
ALTER TABLE repairs DROP CONSTRAINT repairs_act_check;
ALTER TABLE repairs ADD CONSTRAINT repairs_act_check CHECK (act IN ('roll_back', 'suspend', 'compare'));
