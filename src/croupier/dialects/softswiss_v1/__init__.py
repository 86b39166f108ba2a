"""Compatible with SOFTSWISS's game content protocol (v1): JSON both ways, signed with HMAC-SHA256.

`X-REQUEST-SIGN` is the HMAC of the raw body with the token that both sides have; answers are not signed. Our calls to
the wallet are `/play`, `/rollback` and `/freespins`. In the first two `game_id` is the **round** and `game` is the
game, as `croupier:identifier`. Amounts are whole minor units. Bet and win come in two calls, because a win is drawn
only when the bet is paid; a lost round ends with a win of 0 and `finished`. Both in one call, and lists of rollbacks,
are sent only by a check of your wallet ([certify](../certifying.md)).

Free spins are counted by Croupier. Those of an issue are played without a call to the wallet. When all are played, or
when the issue is cancelled or runs out after some were, `/freespins` tells once what they have won together: `status`
is `played`, `canceled` or `expired`, and `total_amount` may be 0. The call is owed like a win: it comes again, with the
same bytes, until the answer is 200 with a balance, so an `issue_id` must pay once. Of an issue of which nothing was
played there is no call. Free rounds that the native API gave are no issue: each is a `/play` with a bet of 0, and its
win follows at once.

`bet_level` counts the game's bet levels from 1. Games stand in no list of this API.
"""
