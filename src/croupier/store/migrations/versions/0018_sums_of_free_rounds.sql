-- Free rounds whose wins are told to the operator's wallet in one sum.
ALTER TABLE campaigns ADD COLUMN summed boolean NOT NULL DEFAULT false;
-- `paid`: what of `won` the wallet has taken. `told`: the sum is being told, or was.
ALTER TABLE campaign_progress ADD COLUMN paid bigint NOT NULL DEFAULT 0, ADD COLUMN told boolean NOT NULL DEFAULT false;
UPDATE campaign_progress SET paid = won;
CREATE INDEX campaigns_summed ON campaigns (operator_id, campaign_id) WHERE summed;
-- A round whose win is in the sum has paid nothing itself. NOT VALID: no earlier row has this cause.
ALTER TABLE rounds ADD CONSTRAINT summed_paid_nothing CHECK (cause IS DISTINCT FROM 'summed' OR paid = 0) NOT VALID;
