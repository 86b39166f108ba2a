-- Transactions that checks of wallets have sent. The operator's statement has them, our journal has not.
CREATE TABLE certification_transactions (
  operator_id    text NOT NULL,
  transaction_id text NOT NULL,
  PRIMARY KEY (operator_id, transaction_id)
);
