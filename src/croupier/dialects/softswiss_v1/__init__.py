"""Compatible with SOFTSWISS's game content protocol (v1): JSON both ways, signed with HMAC-SHA256.

`X-REQUEST-SIGN` is the HMAC of the raw body with the token that both sides have; answers are not signed. Our calls to
the wallet are `/play` and `/rollback`. In them `game_id` is the **round** and `game` is the game, as
`croupier:identifier`. Amounts are whole minor units. Bet and win come in two calls, because a win is drawn only when
the bet is paid; a lost round ends with a win of 0 and `finished`.

Free spins are counted by Croupier. Each is a round with a bet of 0, and what it wins is paid at once, by `/play`:
here a round owes its win until the wallet has taken it. So `/freespins` with the sum of an issue is not sent, and a
casino must not wait for it. `bet_level` counts the game's bet levels from 1. Games stand in no list of this API.
"""
