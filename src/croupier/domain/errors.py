"""The catalogue of errors that a caller of ours can meet. One truth: API answers, error pages, `croupier explain`.

A code is stable for ever. `hint` is the next step in one line and goes into answers; `cause` and `fix` are the page's.
"""

from croupier.domain.campaign_errors import CAMPAIGNS
from croupier.domain.certification_errors import CERTIFICATIONS
from croupier.domain.error_kinds import ErrorKind, rows
from croupier.domain.refusal import Refused
from croupier.domain.staff_errors import STAFF

REQUEST = rows(
    (
        *("invalid_json", 400, "The body is not valid JSON"),
        "Send one JSON object in UTF-8, with Content-Type application/json.",
        "A syntax error, NaN, bytes that are not UTF-8, nesting without end, or one member twice in an object.",
        "Serialise the body with a JSON library and send its bytes unchanged.",
    ),
    (
        *("unknown_field", 422, "The request has a field or parameter that does not exist here"),
        "Remove the field named in `param`, or correct its spelling.",
        "Unknown fields are refused, because a misspelt optional field would silently do nothing.",
        "Compare the request with the reference at /docs/api.",
    ),
    (
        *("missing_field", 422, "A required field is missing"),
        "Add the field named in `param`.",
        "The call cannot be understood without this field.",
        "Compare the request with the reference at /docs/api.",
    ),
    (
        *("invalid_type", 422, "A value has the wrong type"),
        "Send the type that the reference gives for the field named in `param`.",
        "For example text where an integer belongs, or one value where a list belongs.",
        "Compare the request with the reference at /docs/api. Nothing is converted silently.",
    ),
    (
        *("invalid_value", 422, "A value is outside of what is allowed"),
        "See `detail` for what the field named in `param` accepts.",
        "The type is right, the value is not: too long, too small, not one of the list, or with forbidden characters.",
        "Compare the request with the reference at /docs/api.",
    ),
    (
        *("invalid_amount", 422, "The amount is not a whole number of minor units in its range"),
        "Send a whole number of minor units from 0 to 9007199254740991: 10.50 EUR is 1050, 10 JPY is 10.",
        "Fractions, text, negative and larger numbers are refused, and limits that leave no bet; see `detail`.",
        "Keep money as integers in your code as well; multiply by ten to the power of the currency's exponent.",
    ),
    (
        *("invalid_cursor", 422, "The cursor is not one of ours"),
        "Send `next_cursor` of the page before unchanged, or leave `cursor` out.",
        "A cursor is opaque and belongs to one list with one set of filters.",
        "Start again at the first page.",
    ),
    (
        *("body_too_large", 413, "The body is too large"),
        "Send at most 64 KiB, for a statement 64 MiB.",
        "No call of this API needs a larger body.",
        "Split lists over several calls, and statements by currency.",
    ),
    (
        *("head_too_large", 431, "The head of the request is too large"),
        "Send at most 64 KiB of address and headers.",
        "Address and headers, or the trailers behind a body, are together larger than any call of this API needs.",
        "Look for a cookie or a header that grows, in your client or in a proxy before us. The connection is closed.",
    ),
    (
        *("invalid_http", 400, "The request is not valid HTTP"),
        "Let an HTTP library write the request.",
        "Its bytes are no HTTP/1.1, or could be read in two ways, like two lengths or a length beside chunks.",
        "Look at what is really sent, also by proxies between us. The connection is closed.",
    ),
    (
        *("request_timeout", 408, "The request did not come to its end"),
        "Send the whole request within 30 seconds.",
        "Its head began, but the end of head or body did not come in time, or came more slowly than 64 KiB a second.",
        "Check that the stated Content-Length is what is sent. The connection is closed; send the request again.",
    ),
    (
        *("unsupported_media_type", 415, "The body is not declared as JSON"),
        "Send Content-Type: application/json; for a statement text/csv.",
        "Bodies are JSON, whatever client sends them. Only statements are CSV.",
        "Set the header; form posts and multipart bodies are not accepted.",
    ),
    (
        *("method_not_allowed", 405, "This address does not know that method"),
        "See the Allow header for the methods of this address.",
        "The path exists, but not with this HTTP method.",
        "Compare method and path with the reference at /docs/api.",
    ),
    (
        *("not_found", 404, "Nothing is here"),
        "Check the path and the id; one operator never sees another's objects.",
        "The address does not exist, or the object does not exist for the operator of this key.",
        "Check that the key belongs to the operator you mean and to the right platform (test or live).",
    ),
    (
        *("internal_error", 500, "Something went wrong on our side"),
        "Repeat the call with the same Idempotency-Key or request_id; nothing is done twice.",
        "An error of ours. It is in our log under the time of this answer.",
        "Repeat later. If it stays, open a support case with the time of the call.",
    ),
)

ACCESS = rows(
    (
        *("unauthenticated", 401, "The key or token is missing or not valid"),
        "Send Authorization: Bearer with a key of this platform that is not revoked.",
        "No credential, one of another platform, or one that was revoked or rotated.",
        "Operators: `croupier operator rotate-key ID` makes a new key. Players: launch the game again.",
    ),
    (
        *("operator_disabled", 403, "This operator is disabled"),
        "Ask the platform's staff to enable the operator again.",
        "No new players, sessions or bets are taken; open rounds are still settled.",
        "Reading is still possible. Winnings and rollbacks go on.",
    ),
    (
        *("not_compared", 403, "The books were not compared since the platform was restored"),
        "Reconcile the days since the backup: croupier reconcile, or Reconciliation in the account.",
        "The platform came back from a backup, so your wallet may know of rounds that it has lost.",
        "The platform's staff opens play when all days and currencies were compared: `croupier operator reopen ID`.",
    ),
    (
        *("forbidden", 403, "Your role does not allow this"),
        "Ask a person with the right role.",
        "The sign-in is good, but its role may not do this.",
        "An owner can change roles.",
    ),
    (
        *("csrf_failed", 403, "The page's proof is missing"),
        "Send the header X-Croupier-Csrf with the value of GET /account/api/me.",
        "Changes made with the sign-in cookie need a value that only our own pages can read.",
        "Reload the page and try again. Servers use an API key instead of the cookie.",
    ),
    (
        *("login_failed", 401, "E-mail or password is wrong"),
        "Check both; after several failures wait some minutes.",
        "The account does not exist, is disabled, or the password differs. The answer is the same for all three.",
        "`croupier user add --reset` sets a new password.",
    ),
    (
        *("too_many_requests", 429, "Too many attempts"),
        "Wait as long as the header Retry-After says.",
        "Failed sign-ins of one account or address are slowed down.",
        "Wait, then try again.",
    ),
    (
        *("launch_token_expired", 401, "This launch link is too old"),
        "Launch the game again: POST /api/v1/sessions gives a new link.",
        "A launch link is good for 60 seconds, so that one found in a log opens nothing.",
        "Ask for the link at the moment the player opens the game.",
    ),
    (
        *("launch_token_used", 401, "This launch link was already used"),
        "Launch the game again: POST /api/v1/sessions gives a new link.",
        "A launch link opens the game once. A reload of the page needs a new one.",
        "Let the page around the game ask for a new link whenever it loads the frame.",
    ),
    (
        *("session_expired", 401, "The session is over"),
        "Launch the game again; an open round is resumed.",
        "It was ended by the operator, or no call came for 24 hours. Winnings of open rounds are still paid.",
        "Open a new session with POST /api/v1/sessions.",
    ),
    (
        *("session_replaced", 409, "The game was opened in another window"),
        "Go on in the newer window, or launch the game again here.",
        "The same player opened the same game again; only the newest session may bet.",
        "Nothing is lost: an open round goes on in the newer session.",
    ),
)

OBJECTS = rows(
    (
        *("not_waiting", 409, "This transaction does not wait to be sent again"),
        "See its round for what became of it; bets are rolled back, never sent again.",
        "It was answered, it is a bet, or its round waits for people.",
        "GET /api/v1/retries lists what waits.",
    ),
    (
        *("unknown_player", 422, "This player does not exist"),
        "Create the player first: PUT /api/v1/players/{player_id}.",
        "The player id of the request was never created for this operator.",
        "Create the player once, with its currency, before the first session.",
    ),
    (
        *("unknown_game", 422, "This game does not exist"),
        "GET /api/v1/games lists the ids.",
        "No game of this platform has that id.",
        "Ids are lower case with hyphens, for example krakens-hoard.",
    ),
    (
        *("unknown_currency", 422, "This currency is not available"),
        "Use a currency of your operator; `detail` lists them.",
        "The code is not an ISO 4217 code we know, or it is not switched on for this operator.",
        "`croupier operator set ID --currency CODE` adds a currency.",
    ),
    (
        *("currency_is_fixed", 409, "A player's currency cannot change"),
        "Create another player for another currency.",
        "The currency is fixed when the player is created, so that every amount of a player adds up.",
        "Use a player id per currency, for example p-17:EUR.",
    ),
    (
        *("unsupported_language", 422, "This language is not available"),
        "Use one of en, de, es, pt-BR.",
        "The games have no texts in that language.",
        "Send the nearest of the supported languages.",
    ),
    (
        *("idempotency_key_reused", 409, "This Idempotency-Key was used for another request"),
        "Use a new key for a new request, and the same key only to repeat the same request.",
        "Within 24 hours a key belongs to one method, path and body.",
        "Make the key from a random UUID for each intended effect.",
    ),
    (
        *("idempotency_in_flight", 409, "The first request with this Idempotency-Key is still running"),
        "Wait a moment and repeat.",
        "Two requests with one key arrived together; one of them does the work.",
        "Repeat after a second: you get the first one's answer.",
    ),
)

PLAY = rows(
    (
        *("bet_not_allowed", 422, "This bet is not allowed"),
        "Use a bet of `bet_levels` and a mode of `bet_modes`.",
        "The bet is not one of the game's levels for this currency, or outside of the session's limits.",
        "Read GET /play/v1/session again and offer only its levels.",
    ),
    (
        *("choice_not_allowed", 422, "This choice is not possible"),
        "`detail` says what is possible here.",
        "The game does not know this choice or action, or not in this situation.",
        "Offer only what `rules` and `next_actions` name.",
    ),
    (
        *("request_id_reused", 409, "This request_id was used for another request"),
        "Use a new request_id for a new action.",
        "A repeated request_id means: the same request again. This one has other content.",
        "Make a new random request_id whenever the player presses a button.",
    ),
    (
        *("round_in_progress", 409, "A round is still open"),
        "Finish the open round first; `round_id` names it.",
        "One player has at most one unfinished round in one game.",
        "GET /play/v1/rounds/{id} shows it with its next actions.",
    ),
    (
        *("stale_action", 409, "The round has moved on"),
        "Read the round again and choose among its next actions.",
        "The action is not possible in the round's present state, for example because another window acted.",
        "GET /play/v1/rounds/{id} shows the present state.",
    ),
    (
        *("insufficient_funds", 402, "The balance is too low for this bet"),
        "Lower the bet or deposit.",
        "The operator's wallet declined the bet: the player has less than that.",
        "Nothing was taken.",
    ),
    (
        *("limit_reached", 403, "A limit of the player does not allow this bet"),
        "The player's own or the operator's limit is reached.",
        "The operator's wallet declined the bet because of a limit.",
        "The operator's support can explain the limit. Nothing was taken.",
    ),
    (
        *("player_blocked", 403, "This player may not play"),
        "The player should contact the casino's support.",
        "The player is excluded or blocked, by the operator's wallet or in its settings here.",
        "Nothing was taken.",
    ),
    (
        *("wallet_unknown", 424, "The casino gave no clear answer"),
        "Nothing is lost: the stake is given back if it was taken. Try again in a moment.",
        "The wallet did not answer in time or its answer could not be understood, so the bet is being rolled back.",
        "The operator finds the exchange in the account's API log.",
    ),
    (
        *("wallet_unreachable", 424, "Your wallet could not be reached"),
        "Open `log_url` to see the exchange; check the wallet's address and firewall.",
        "Before a session opens we ask the wallet for the balance. No usable answer came.",
        "Answer POST {wallet_url}/balance within the time-out.",
    ),
    (
        *("wallet_refused", 424, "The casino's wallet refused"),
        "Nothing was taken. Operators see the exchange in the account's API log (`log_url`).",
        "The wallet answered, but with a refusal: to the balance call before a session opens, or to a bet.",
        "Compare the answer with the wallet guide at /docs.",
    ),
    (
        *("round_suspended", 409, "This round is being looked at by people"),
        "Wait: the casino's support is informed.",
        "The two sides disagree about a transaction, so nothing more is sent until people decide.",
        "The operator finds the round in the account.",
    ),
    (
        *("game_unavailable", 503, "This game cannot be played just now"),
        "Try again later or choose another game.",
        "The game is switched off or has a technical problem. A stake that was taken is given back.",
        "Nothing to do.",
    ),
    (
        *("busy", 503, "The platform is busy"),
        "Repeat in a moment with the same request_id; with a new one if the round it names was declined.",
        "A new bet is refused while the platform, its database or the operator's wallet cannot keep up.",
        "Repeat after a second. Nothing was recorded, the named round was declined, or its `money` is `being_checked`.",
    ),
    (
        *("upgrading", 503, "The platform is being upgraded"),
        "Repeat in some minutes.",
        "This player's records were written by a newer version than the one that got the call.",
        "Wait until the upgrade is complete.",
    ),
)

ERRORS: dict[str, ErrorKind] = {**REQUEST, **ACCESS, **OBJECTS, **CAMPAIGNS, **CERTIFICATIONS, **PLAY, **STAFF}


PLAYER_HINTS = {
    "unauthenticated": "Launch the game again; then send Authorization: Bearer with the `play_token` of that launch.",
    "not_found": "Check the path and the id; a play token shows the rounds of its player in its game.",
    "not_compared": "Try again later: the casino compares its books with ours first.",
    "not_certified": "Try again later: the casino's wallet is checked first.",
}
"""Where a player's next step is another than an operator's."""


def problem_of(refused: Refused, *, player: bool) -> tuple[int, dict[str, object]]:
    """Status and RFC 9457 members of a refusal. `player`: say what became of the stake as well."""
    kind = ERRORS[refused.code]
    hint = PLAYER_HINTS.get(refused.code, kind.hint) if player else kind.hint
    body: dict[str, object] = {
        "type": f"/docs/errors/{refused.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": refused.detail or hint,
        "code": refused.code,
        "hint": hint,
        "doc_url": f"/docs/errors/{refused.code}",
    }
    if refused.param is not None:
        body["param"] = refused.param
    if player:
        body["money"] = refused.money
        if refused.round_id is not None:
            body["round_id"] = refused.round_id
        if refused.balance is not None:
            body["balance"] = refused.balance
    return kind.status, body
