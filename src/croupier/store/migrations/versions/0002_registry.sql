-- Who may play what: plain rows, unlike rounds. Times are microseconds since 1970 UTC.

CREATE TABLE operators (
    operator_id text PRIMARY KEY CHECK (operator_id ~ '^[A-Za-z0-9_.:@-]{1,64}$'),
    settings    jsonb NOT NULL,
    data_key    bytea NOT NULL,
    created_at  bigint NOT NULL
);
COMMENT ON COLUMN operators.settings IS 'Fields of domain Operator without its secrets';
COMMENT ON COLUMN operators.data_key IS 'The key of this operator''s secrets, wrapped by the master key';

CREATE TABLE operator_secrets (
    operator_id text NOT NULL REFERENCES operators,
    name        text NOT NULL CHECK (name IN ('wallet', 'answer')),
    version     integer NOT NULL,
    sealed      bytea NOT NULL,
    created_at  bigint NOT NULL,
    retired_at  bigint,
    PRIMARY KEY (operator_id, name, version)
);

CREATE TABLE api_keys (
    key_hash    bytea PRIMARY KEY CHECK (length(key_hash) = 32),
    operator_id text NOT NULL REFERENCES operators,
    prefix      text NOT NULL,
    last4       text NOT NULL,
    created_at  bigint NOT NULL,
    revoked_at  bigint
);
CREATE INDEX api_keys_operator ON api_keys (operator_id);

CREATE TABLE platform_secrets (
    name   text PRIMARY KEY,
    sealed bytea NOT NULL
);

-- One version for all settings: a worker that has applied it knows every key, switch and address.
CREATE TABLE config (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL
);
INSERT INTO config (version) VALUES (1);

CREATE FUNCTION raise_config_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE config SET version = version + 1;
    RETURN NULL;
END
$$;
-- By trigger, so that no change of settings can forget it.
CREATE TRIGGER operators_raise AFTER INSERT OR UPDATE OR DELETE ON operators
    FOR EACH STATEMENT EXECUTE FUNCTION raise_config_version();
CREATE TRIGGER operator_secrets_raise AFTER INSERT OR UPDATE OR DELETE ON operator_secrets
    FOR EACH STATEMENT EXECUTE FUNCTION raise_config_version();
CREATE TRIGGER api_keys_raise AFTER INSERT OR UPDATE OR DELETE ON api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION raise_config_version();

-- Which version each living worker has applied; a row that is not renewed is a dead worker's.
CREATE TABLE workers (
    writer          text PRIMARY KEY,
    applied_version bigint NOT NULL,
    beats           bigint NOT NULL,
    beat_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE players (
    operator_id text NOT NULL REFERENCES operators,
    player_id   text NOT NULL CHECK (player_id ~ '^[A-Za-z0-9_.:@-]{1,64}$'),
    currency    text NOT NULL,
    nickname    text,
    country     text,
    language    text,
    enabled     boolean NOT NULL DEFAULT true,
    created_at  bigint NOT NULL,
    updated_at  bigint NOT NULL,
    PRIMARY KEY (operator_id, player_id)
);
CREATE INDEX players_newest ON players (operator_id, created_at DESC, player_id);

-- `subject` holds what a launch was asked with; the journal has its own copy of what money depends on.
CREATE TABLE sessions (
    session_id        text PRIMARY KEY,
    operator_id       text NOT NULL REFERENCES operators,
    player_id         text NOT NULL,
    game_id           text NOT NULL,
    mode              text NOT NULL CHECK (mode IN ('real', 'demo')),
    seat_id           uuid NOT NULL,
    session           jsonb NOT NULL,
    subject           jsonb NOT NULL,
    launch_hash       bytea NOT NULL UNIQUE,
    launch_expires_at bigint NOT NULL,
    used_at           bigint,
    play_hash         bytea UNIQUE,
    opened_at         bigint NOT NULL,
    seen_at           bigint NOT NULL,
    ended_at          bigint,
    end_reason        text
);
CREATE INDEX sessions_player ON sessions (operator_id, player_id, opened_at DESC);
CREATE INDEX sessions_live ON sessions (seat_id) WHERE ended_at IS NULL;

CREATE TABLE game_sets (
    operator_id text NOT NULL REFERENCES operators,
    set_id      text NOT NULL CHECK (set_id ~ '^[A-Za-z0-9_.:@-]{1,64}$'),
    name        text NOT NULL,
    game_ids    text[] NOT NULL,
    updated_at  bigint NOT NULL,
    PRIMARY KEY (operator_id, set_id)
);

CREATE TABLE users (
    user_id       text PRIMARY KEY,
    email         text NOT NULL,
    operator_id   text NOT NULL REFERENCES operators,
    role          text NOT NULL,
    password_hash text NOT NULL,
    created_at    bigint NOT NULL,
    disabled_at   bigint
);
CREATE UNIQUE INDEX users_email ON users (lower(email));

CREATE TABLE user_sessions (
    token_hash bytea PRIMARY KEY,
    user_id    text NOT NULL REFERENCES users,
    csrf       text NOT NULL,
    created_at bigint NOT NULL,
    seen_at    bigint NOT NULL,
    expires_at bigint NOT NULL
);

-- A row without a status is a request that is still running; its claim may be taken over when it is old.
CREATE TABLE idempotency_keys (
    operator_id text NOT NULL,
    key         text NOT NULL,
    body_hash   bytea NOT NULL,
    claim       bytea NOT NULL,
    claimed_at  bigint NOT NULL,
    status      integer,
    reply       bytea,
    PRIMARY KEY (operator_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (claimed_at);
