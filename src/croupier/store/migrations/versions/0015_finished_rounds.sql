-- Rounds in the order in which they ended, for operators' feeds. They are written about in that order, so a summary of
-- each range of pages finds them, and costs next to nothing while rounds are played.
CREATE INDEX rounds_by_end ON rounds USING brin (closed_at int8_minmax_multi_ops) WITH (autosummarize = on);
