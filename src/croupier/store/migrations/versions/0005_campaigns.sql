-- Free rounds: campaigns, whose they are, and the claims that keep a use from being made twice.

-- What may exist once although many streams could write it: a free round's use and its return. Written in the
-- transaction of the record that claims it, which `seat_id` and `seq` name; like the journal, never changed.
CREATE TABLE claims (
    kind    text   NOT NULL,
    key     text   NOT NULL COLLATE "C",
    seat_id uuid   NOT NULL,
    seq     bigint NOT NULL,
    PRIMARY KEY (kind, key)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'croupier_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON claims FROM croupier_app;
  END IF;
END $$;

CREATE TABLE campaigns (
    operator_id  text NOT NULL REFERENCES operators,
    campaign_id  text NOT NULL CHECK (campaign_id ~ '^[A-Za-z0-9_.:@-]{1,64}$'),
    game_ids     text[] NOT NULL CHECK (cardinality(game_ids) > 0),
    rounds       integer NOT NULL CHECK (rounds > 0),
    bet          bigint NOT NULL CHECK (bet > 0),
    currency     text NOT NULL,
    starts_at    bigint NOT NULL,
    ends_at      bigint NOT NULL CHECK (ends_at > starts_at),
    max_win      bigint CHECK (max_win > 0),
    cancelled_at bigint,
    created_at   bigint NOT NULL,
    updated_at   bigint NOT NULL,
    PRIMARY KEY (operator_id, campaign_id)
);
CREATE INDEX campaigns_newest ON campaigns (operator_id, created_at DESC, campaign_id);

-- A grant: this player has the campaign's free rounds.
CREATE TABLE campaign_players (
    operator_id text NOT NULL,
    campaign_id text NOT NULL,
    player_id   text NOT NULL,
    granted_at  bigint NOT NULL,
    PRIMARY KEY (operator_id, campaign_id, player_id),
    FOREIGN KEY (operator_id, campaign_id) REFERENCES campaigns,
    FOREIGN KEY (operator_id, player_id) REFERENCES players
);
CREATE INDEX campaign_players_player ON campaign_players (operator_id, player_id);

-- Projections. `won`: what closed free rounds paid.
CREATE TABLE campaign_progress (
    operator_id text   NOT NULL,
    campaign_id text   NOT NULL,
    player_id   text   NOT NULL,
    used        bigint NOT NULL,
    returned    bigint NOT NULL,
    won         bigint NOT NULL,
    PRIMARY KEY (operator_id, campaign_id, player_id)
) WITH (fillfactor = 80);

ALTER TABLE rounds ADD COLUMN campaign_id text;
ALTER TABLE transactions ADD COLUMN campaign_id text;
CREATE INDEX rounds_by_campaign ON rounds (operator_id, campaign_id, opened_at, round_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX transactions_by_campaign ON transactions (operator_id, campaign_id, first_sent_at, transaction_id)
    WHERE campaign_id IS NOT NULL;

-- What free rounds cost is what this account has given; with it the four accounts of an entry sum to zero.
ALTER TABLE ledger ADD COLUMN promo bigint NOT NULL DEFAULT 0;
