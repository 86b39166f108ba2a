"""Compatible with Hub88's Operator API and seamless wallet, generic v2: JSON both ways, signed with RSA.

Each side has a key pair: `operator add` prints our public key, `--setting public_key=@FILE` takes the operator's.
Requests are signed in `X-Hub88-Signature` (or the header of the setting `signature_header`): RSA PKCS#1 v1.5 with
SHA-256 over the raw body, base64.

Amounts are whole numbers, the main unit times 100,000, in every currency; a bet of which a possible win would need more
digits is not taken. `transaction_uuid` is made from our transaction's id, which is `supplier_transaction_id`; every
attempt has a `request_uuid` of its own, and an answer that does not repeat it proves nothing.

A launch calls no wallet. It plays the free rounds that the player was given for the game, if there are any. A reward
has a UUID of ours, made from `operator_reference` where there is one, so that a repeated request gives nothing twice.
The bet of a free round has amount 0. Errors of calls to us are `{"error", "status"}` on the HTTP status that fits.

A player keeps the first currency. Lists may be asked for as often as you like. `/transactions/list` answers pages of
what was sent to the wallet, newest first; `cursor` of one page asks for the next. `/game/authorize` is not served: what
it says is not known outside of Hub88, and `/user/info` is not called: a launch says all of it that is needed. A
signature takes about a millisecond of one core, and a round two of them.
"""
