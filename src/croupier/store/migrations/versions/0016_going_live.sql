-- Live operators are opened to real play by a check of their wallet. Those that were live before stay open.
UPDATE operators SET settings = settings || '{"went_live": "staff"}' WHERE settings ->> 'test' = 'false';
