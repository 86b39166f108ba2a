-- What the APIs need that operators bring with them.

-- APIs that know an operator by a whole number.
ALTER TABLE operators ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY (START WITH 1001) UNIQUE;

-- Players that share a currency; it is fixed at creation.
CREATE TABLE player_groups (
    operator_id text NOT NULL REFERENCES operators,
    group_id    text NOT NULL CHECK (group_id ~ '^[A-Za-z0-9_.:@-]{1,64}$'),
    currency    text NOT NULL,
    settings    text,
    created_at  bigint NOT NULL,
    updated_at  bigint NOT NULL,
    PRIMARY KEY (operator_id, group_id)
);
ALTER TABLE players ADD COLUMN group_id text;

-- Free rounds that the operator's own system counts: what we know of them is that it declared them.
CREATE TABLE operator_bonuses (
    operator_id text NOT NULL REFERENCES operators,
    bonus_id    text NOT NULL CHECK (bonus_id ~ '^[A-Za-z0-9_.:@-]{1,64}$'),
    created_at  bigint NOT NULL,
    PRIMARY KEY (operator_id, bonus_id)
);

-- Signed calls that must not be made twice, kept while their signature would still be good. `key`: a SHA-256.
CREATE TABLE calls_made_once (
    key   bytea PRIMARY KEY CHECK (length(key) = 32),
    until bigint NOT NULL
);
CREATE INDEX calls_made_once_until ON calls_made_once (until);
