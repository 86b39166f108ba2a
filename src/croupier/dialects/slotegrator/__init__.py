"""Compatible with Slotegrator's aggregator API, GIS 1.4.3: forms in, JSON out, both ways, signed with HMAC-SHA1.

`X-Sign` is made of the parameters and the headers `X-Merchant-Id`, `X-Nonce`, `X-Timestamp`: sorted by name, encoded as
PHP's `http_build_query` does, HMAC-SHA1 with the merchant key. Also good is the same string with each parameter as you
have written it, for clients whose `~` or `*` is encoded otherwise. A call is good for 30 seconds, and once.

Amounts are decimals of the main unit with at most four digits after the point (the setting `decimals` has another
number); a bet of which a possible win would need more is not taken. `session_id` in every callback is the one that
`/games/init` gave. A launch calls no wallet, and plays the free rounds that the player was given for the game. A lost
round ends with a win of 0 and `finished=1`; `operator set --round-end none` leaves it out. A bet that got no answer is
taken back with `refund`, under a `transaction_id` of its own that stays the same. `rollback` with its list, and wins of
the types `jackpot` and `promo`, are sent only by a check of your wallet ([certify](../certifying.md)).

Free rounds name their bet by `total_bet_id` or by `denomination`, the price of one coin; both stand in
`/freespins/bets`.

There are no live tables, so no lobbies and no free vouchers; limits and jackpots are empty lists. `/self-validate` runs
our own rules for what it covers ([check your wallet](../certifying.md)), with the player of the newest session of the
last 15 minutes, and answers when they are judged: a line of `log` for each, with the cause and what to change. Races
and whatever else it leaves out are in the account, under Integration; a live wallet is checked there only.
"""
