"""Players' requests that must be refused: what is sent, and the one code that must come back.

A body that is text is sent as it stands.
"""

BIG = 9_007_199_254_740_992

# name, path, body, status, code, param; all POST, in the seat of a player who has never played
PLAYER = [
    ("malformed JSON", "/rounds", '{"request_id"', 400, "invalid_json", None),
    ("no body", "/rounds", None, 400, "invalid_json", None),
    (
        "very deep choice",
        "/rounds",
        '{"request_id":"r","bet":100,"choice":' + "[" * 3000 + "]" * 3000 + "}",
        400,
        "invalid_json",
        None,
    ),
    (
        "a large body",
        "/rounds",
        '{"request_id":"r","bet":100,"choice":"' + "x" * 70_000 + '"}',
        413,
        "body_too_large",
        None,
    ),
    ("a bet twice", "/rounds", '{"request_id":"r","bet":20,"bet":100}', 400, "invalid_json", None),
    (
        "a bet twice in other letters",
        "/rounds",
        '{"request_id":"r","bet":20,"b\\u0065t":100}',
        400,
        "invalid_json",
        None,
    ),
    ("a request id twice", "/rounds", '{"request_id":"r","bet":20, "request_id" : "s"}', 400, "invalid_json", None),
    (
        "a member twice within the choice",
        "/rounds",
        '{"request_id":"r","bet":20,"choice":{"bets":[{"type":"red","amount":20,"amount":100}]}}',
        400,
        "invalid_json",
        None,
    ),
    (
        "an action twice",
        "/rounds/rd_none/actions",
        '{"request_id":"r","action":"hit","action":"stand"}',
        400,
        "invalid_json",
        None,
    ),
    ("unknown field", "/rounds", {"request_id": "r", "bet": 100, "win": 1}, 422, "unknown_field", "win"),
    ("no request id", "/rounds", {"bet": 100}, 422, "missing_field", "request_id"),
    ("request id of blanks", "/rounds", {"request_id": " ", "bet": 100}, 422, "invalid_value", "request_id"),
    ("request id with a line break", "/rounds", {"request_id": "r\n", "bet": 100}, 422, "invalid_value", "request_id"),
    ("request id too long", "/rounds", {"request_id": "r" * 65, "bet": 100}, 422, "invalid_value", "request_id"),
    ("request id is a number", "/rounds", {"request_id": 7, "bet": 100}, 422, "invalid_type", "request_id"),
    ("float bet", "/rounds", {"request_id": "r", "bet": 100.5}, 422, "invalid_amount", "bet"),
    ("whole float bet", "/rounds", '{"request_id":"r","bet":100.0}', 422, "invalid_amount", "bet"),
    ("bet in exponents", "/rounds", '{"request_id":"r","bet":1e2}', 422, "invalid_amount", "bet"),
    ("bet as text", "/rounds", {"request_id": "r", "bet": "100"}, 422, "invalid_amount", "bet"),
    ("bet is true", "/rounds", {"request_id": "r", "bet": True}, 422, "invalid_amount", "bet"),
    ("negative bet", "/rounds", {"request_id": "r", "bet": -100}, 422, "invalid_amount", "bet"),
    ("overflowing bet", "/rounds", {"request_id": "r", "bet": BIG}, 422, "invalid_amount", "bet"),
    ("bet of 10^400", "/rounds", '{"request_id":"r","bet":1' + "0" * 400 + "}", 422, "invalid_amount", "bet"),
    ("bet of nothing", "/rounds", {"request_id": "r", "bet": 0}, 422, "bet_not_allowed", "bet"),
    ("bet between the levels", "/rounds", {"request_id": "r", "bet": 101}, 422, "bet_not_allowed", "bet"),
    ("bet above the levels", "/rounds", {"request_id": "r", "bet": 100_000_000}, 422, "bet_not_allowed", "bet"),
    (
        "mode that does not exist",
        "/rounds",
        {"request_id": "r", "bet": 100, "mode": "turbo"},
        422,
        "choice_not_allowed",
        "mode",
    ),
    (
        "choice of nothing",
        "/rounds",
        {"request_id": "r", "bet": 100, "choice": {}},
        422,
        "choice_not_allowed",
        "choice",
    ),
    (
        "choice the game does not have",
        "/rounds",
        {"request_id": "r", "bet": 100, "choice": {"line": 3}},
        422,
        "choice_not_allowed",
        "choice",
    ),
    (
        "choice with a float",
        "/rounds",
        {"request_id": "r", "bet": 100, "choice": {"x": 0.5}},
        422,
        "invalid_amount",
        "choice",
    ),
    (
        "choice with a huge number",
        "/rounds",
        {"request_id": "r", "bet": 100, "choice": [10**40]},
        422,
        "invalid_amount",
        "choice",
    ),
    (
        "choice nested deeply",
        "/rounds",
        {"request_id": "r", "bet": 100, "choice": [[[[[[[[[1]]]]]]]]]},
        422,
        "invalid_value",
        "choice",
    ),
    ("action on no round", "/rounds/rd_none/actions", {"request_id": "r", "action": "hit"}, 404, "not_found", None),
    (
        "action on somebody's round",
        "/rounds/rd_" + "A" * 39 + "/actions",
        {"request_id": "r", "action": "hit"},
        404,
        "not_found",
        None,
    ),
    (
        "action of noise",
        "/rounds/rd_none/actions",
        {"request_id": "r", "action": "HIT ME!"},
        422,
        "invalid_value",
        "action",
    ),
    ("no such address", "/wheels", {}, 404, "not_found", None),
    ("method that is not there", "/session", {}, 405, "method_not_allowed", None),
]

# name, path, param; all GET, 422 invalid_value
PLAYER_READS = [
    ("page of zero", "/rounds?limit=0", "limit"),
    ("page too long", "/rounds?limit=101", "limit"),
    ("page of words", "/rounds?limit=many", "limit"),
    ("page behind zeros", "/rounds?limit=0000000019999", "limit"),
    ("page beyond every number", "/rounds?limit=00000000199999999999999999999", "limit"),
    ("page of 5000 digits", "/rounds?limit=" + "1" * 5000, "limit"),
]

# name, path, body, status, code; POST /play/v1/sessions and reads without a good token
TOKENS = [
    ("token of noise", {"token": "lt_nonsense"}, 401, "unauthenticated"),
    ("token that is a number", {"token": 5}, 422, "invalid_type"),
    ("no token", {}, 422, "missing_field"),
    ("token twice", '{"token": "lt_a", "token": "lt_b"}', 400, "invalid_json"),
    ("token with a NUL", {"token": "lt_\0"}, 422, "invalid_value"),
    ("replay of nothing", {"token": "rt_AAAA"}, 401, "launch_token_expired"),
    ("replay with another signature", {"token": "rt_" + "A" * 120}, 401, "launch_token_expired"),
]
