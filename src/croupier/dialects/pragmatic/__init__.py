"""Compatible with Pragmatic Play's Integration API 3.x: form posts in, JSON out, both ways, signed with an MD5 `hash`.

`hash` is the lower-case hex MD5 of all fields `name=value` but itself and empty ones, sorted by name and joined by `&`,
followed directly by the secret key. Taken as well: the same with empty fields, and with values as they stand encoded in
the form. The wallet's methods are at `<wallet URL>/<method>.html`; every answer is HTTP 200 with an `error` number.

Amounts have exactly two digits after the point; a bet of which a possible win would need more is not taken.
`reference` is our transaction's id, and a refund carries the bet's. `roundId` is a number of at most 63 bits, made of
our round's id. A launch calls `authenticate` with the operator's token before it answers: that introduces the player
and limits the bets, and its `token` stands in later calls. Every round that was played ends with `result`, which is 0
for a lost one, and then `endRound`: sent until it is taken, and the next round begins after it. A wallet without it is
`operator set --setting end_round=off`. After an error 120 people are told at once, and the call is sent again each
hour.

Free rounds are counted here: `bonusCode` names them in `bet` and `result`, the bet is 0, and what they win is in
`result`. A launch plays those first that the player was given for the game. Not sent: `bonusWin`, which moves no money
([why](../decisions/0024-what-dialects-leave-out.md)); and, because there is nothing of the kind, `adjustment`,
`getBalancePerGame`, `sessionExpired`, `roundDetails`. `jackpotWin` and `promoWin` are sent only by a check of your
wallet ([certify](../certifying.md)). Not served: `cancelRound`, as voiding a round needs two people, and the transfer
of balances.

`/ReplayAPI/getSharedLink` with `externalPlayerId` and `roundId`, by GET or POST, answers a `sharedLink` that shows the
round for an hour; it is looked for among the player's last 5,000 transactions. The health check is not served: the
platform has `/readyz`.

`GET /DataFeeds/gamerounds/finished/?login&password&timepoint` (the password is the secret key) answers CSV: the rounds
that were played to their end since `timepoint`, in milliseconds, at most 31 days back. One answer holds a day, 10,000
rounds, or all up to a minute ago; its first line, `timepoint=…`, is what to ask for next.

A token of the reference wallet (`croupier sandbox --dialect pragmatic`) is the player's id.
"""
