-- What an operator's API wants to hear again of the free rounds that it has given.
ALTER TABLE campaigns ADD COLUMN notes text;
