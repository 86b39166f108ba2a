"""Compatible with Mascot Gaming's Operator API v1 and Seamless API v2: JSON-RPC 2.0 both ways.

An operator that speaks it changes the base URL, and either the key and its id, or the CA that checks our certificate.
`/v1/signed/` takes signed calls, `/v1/` those with a client certificate. Answers to signed calls are signed with the
call's own nonce and time. A session is opened only when `getBalance` answers well: the callback has to work first. A
bet and its win come in two calls; one `withdrawAndDeposit` with both amounts is sent only by a check of your wallet
([certify](../certifying.md)). An answer on HTTP 408, 425 or 429 proves nothing, whatever its body says.
"""
