-- From which pages an operator's games were framed, as browsers said it: two rows each at most, and no player in them.
CREATE TABLE operator_frames (
  operator_id text    NOT NULL REFERENCES operators,
  allowed     boolean NOT NULL,
  origin      text    NOT NULL,
  at          bigint  NOT NULL,
  PRIMARY KEY (operator_id, allowed)
);
COMMENT ON COLUMN operator_frames.allowed IS 'Whether the page might, when it tried: false = its browser showed nothing';
