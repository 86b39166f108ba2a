"""Compatible with SOFTSWISS's current wallet (v2, betwin), as Beexar publishes it: JSON both ways, HMAC-SHA256.

`X-REQUEST-SIGN` is the HMAC of the raw body with the token that both sides have; answers are not signed. Our calls to
the wallet are `/balance`, `/betwin`, `/rollback` and `/finish`. In them `game_id` is the game (`croupier:identifier`)
and `round_id` the round, which a rollback calls `round_id_provider`. Amounts are decimals of the main unit as text,
with the digits of the currency. Bet and win come in two calls, because a win is drawn only when the bet is paid; a lost
round ends with `/finish`. Both in one call, and lists of rollbacks, are sent only by a check of your wallet
([certify](../certifying.md)).

The API as it is known has no free spins, so none can be given to its players. Games stand in no list of this API.
"""
