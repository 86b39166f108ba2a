"""Which switch of the reference wallet shows which finding of the catalogue; what no wallet can show, and why. Data.

`croupier sandbox --bug crp-json-003` is the bug that stands here for CRP-JSON-003. Where the bug is a rule's own, that
rule of `croupier certify` names the finding first; so does the rule of a bug of `finding_bugs`.
"""

from croupier.diagnosis.catalogue import CATALOGUE
from croupier.sandbox.finding_bugs import EVERY_BUG

OFF = "off"

IN_THE_LOG = frozenset({"CRP-AUTH-002"})
"""Seen in the exchanges of a platform that has agreed on signed answers; `croupier certify` does not ask for them."""

SHOWN_BY: dict[str, str] = {
    "CRP-NET-003": "redirects-to-slash",
    "CRP-NET-004": "answers-too-late",
    "CRP-NET-005": "proxy-in-front",
    "CRP-NET-006": "hangs-up",
    "CRP-HTTP-001": "no-such-path",
    "CRP-HTTP-002": "crashes-on-broken-json",
    "CRP-HTTP-003": "refuses-with-402",
    "CRP-HTTP-004": "csrf-protection",
    "CRP-HTTP-005": "rate-limit",
    "CRP-HTTP-006": "speaks-no-http",
    "CRP-HTTP-007": "forbids-strangers",
    "CRP-HTTP-008": "answers-201",
    "CRP-CT-001": "says-text-html",
    "CRP-CT-002": "prints-a-page",
    "CRP-CT-003": "reads-forms",
    "CRP-CT-004": "reads-json",
    "CRP-ENC-001": "sends-bom",
    "CRP-ENC-002": "writes-cp1251",
    "CRP-JSON-001": "prints-notices",
    "CRP-JSON-002": "json-in-a-text",
    "CRP-JSON-003": "wraps-answers",
    "CRP-JSON-004": "answers-an-array",
    "CRP-JSON-005": "prints-python",
    "CRP-JSON-006": "goes-on-after-refusing",
    "CRP-JSON-007": "answers-ok",
    "CRP-KEY-001": "misspells-balance",
    "CRP-KEY-002": "names-in-capitals",
    "CRP-TYPE-001": "balance-as-text",
    "CRP-ERR-001": "codes-of-its-own",
    "CRP-AMT-001": "balance-in-wrong-unit",
    "CRP-AMT-002": "two-decimals-everywhere",
    "CRP-AMT-003": "balance-for-people",
    "CRP-AMT-004": "binary-floats",
    "CRP-AMT-005": "rounds-silently",
    "CRP-AMT-006": "javascript-numbers",
    "CRP-AMT-007": "negative-bet-credits",
    "CRP-CUR-001": "ignores-currency",
    "CRP-ID-001": "cuts-ids-at-32",
    "CRP-ID-002": "ids-are-numbers",
    "CRP-ERR-002": "fails-in-its-words",
    "CRP-VAL-001": "balance-beyond-reason",
    "CRP-SIG-001": "ignores-signature",
    "CRP-SIG-002": "unsigned-is-fine",
    "CRP-SIG-004": "signs-reserialised-json",
    "CRP-SIG-008": "accepts-old-requests",
    "CRP-SIG-009": "books-before-checking",
    "CRP-SIG-010": "wrong-secret",
    "CRP-SIG-011": "stores-before-checking",
    "CRP-SIG-012": "one-secret-only",
    "CRP-AUTH-002": "signs-wrongly",
    "CRP-IDEM-001": "takes-retries-again",
    "CRP-IDEM-002": "retry-is-an-error",
    "CRP-IDEM-003": "ignores-changed-amount",
    "CRP-IDEM-004": "funds-before-duplicate",
    "CRP-IDEM-005": "duplicate-key-500",
    "CRP-IDEM-006": "ids-per-player",
    "CRP-IDEM-007": "retries-declined-bets",
    "CRP-ROLL-001": "refunds-retries-again",
    "CRP-ROLL-002": "unknown-rollback-is-an-error",
    "CRP-ROLL-003": "forgets-rollbacks",
    "CRP-ROLL-004": "trusts-rollback-amount",
    "CRP-ROLL-005": "refunds-wins",
    "CRP-ROLL-006": "refunds-anyone",
    "CRP-ROLL-007": "refunds-declined-bets",
    "CRP-ROLL-008": "rollback-does-nothing",
    "CRP-ROLL-009": "refunds-whole-round",
    "CRP-ROLL-010": "rollback-needs-round",
    "CRP-BAL-001": "stale-balance",
    "CRP-BAL-002": "charges-refused-bets",
    "CRP-BAL-003": "win-not-paid",
    "CRP-BAL-004": "bet-off-by-a-cent",
    "CRP-CONC-001": "lost-update",
    "CRP-CONC-002": "parallel-overdraft",
    "CRP-CONC-003": "deadlocks-surface",
    "CRP-CONC-004": "global-lock",
    "CRP-CUR-002": "one-balance-for-all",
    "CRP-SESS-001": "expired-session-unpaid",
    "CRP-SESS-002": "any-token-works",
    "CRP-ROUND-001": "one-bet-per-round",
    "CRP-ROUND-002": "refuses-zero-win",
    "CRP-ROUND-003": "one-open-round",
    "CRP-ROUND-004": "refuses-early-win-for-good",
    "CRP-TIME-002": "ignores-expiry",
    "CRP-REF-001": "new-id-per-retry",
    "CRP-PLAYER-001": "creates-players",
    "CRP-PLAYER-002": "blocked-player-unpaid",
    "CRP-BONUS-001": "freebet-takes-cash",
    "CRP-BONUS-002": "freebet-needs-funds",
    "CRP-BONUS-003": "freebet-untold",
    "CRP-FUND-001": "allows-overdraft",
    "CRP-FUND-002": "refuses-with-500",
    "CRP-FUND-003": "keeps-a-cent",
    "CRP-REQ-002": "refuses-unknown-fields",
    "CRP-REQ-004": "promo-needs-round",
    "CRP-LEAK-001": "leaks-stack-trace",
    "CRP-CONN-001": "closes-connections",
    "CRP-SLOW-001": "slow-answers",
}

_OF_CALLS_TO_US = "It is about what an operator's server sends to us; a wallet only answers."
_OF_SIGNATURES = (
    "It explains a signature of the operator's own, on a call to us or a signed answer; a wallet checks ours."
)
_BESIDE = "No rule fails for it: it is told beside another finding."

NOT_SHOWN: dict[str, str] = {
    "CRP-NET-001": "Where it is found there is no wallet: stop it, or name another port.",
    "CRP-NET-002": "The reference wallet speaks plain HTTP; a TLS certificate belongs to the server in front of it.",
    "CRP-ENC-003": _BESIDE,
    "CRP-ENC-004": "Who reads as many bytes as are announced sees cut text (CRP-JSON-007) or no end (CRP-NET-006).",
    "CRP-TIME-001": _BESIDE,
    "CRP-SIG-003": _OF_SIGNATURES,
    "CRP-SIG-005": _OF_SIGNATURES,
    "CRP-SIG-006": _OF_SIGNATURES,
    "CRP-SIG-007": _OF_SIGNATURES,
    "CRP-AUTH-001": _OF_CALLS_TO_US,
    "CRP-ENV-001": _OF_CALLS_TO_US,
    "CRP-CFG-001": "It is found before anything is sent.",
    "CRP-REQ-001": _OF_CALLS_TO_US,
    "CRP-OUR-001": "It is our failure.",
    "CRP-OUR-002": "It is our failure.",
    "CRP-REQ-003": _OF_CALLS_TO_US,
}
"""Finding -> why no bug of a wallet shows it."""


class NotShownError(LookupError):
    """Says why no wallet can show this finding."""


def bug_of(name: str) -> str:
    """The bug behind a name, which may be a finding's code in either case. KeyError when there is none."""
    code = name.upper()
    if code in NOT_SHOWN:
        raise NotShownError(f"no wallet can show {code}: {NOT_SHOWN[code]}")
    if code in CATALOGUE:
        return SHOWN_BY[code]
    if name != OFF and name not in EVERY_BUG:
        raise KeyError(name)
    return name


def findings_of(name: str) -> tuple[str, ...]:
    """The codes that lead to this bug."""
    return tuple(code for code, bug in SHOWN_BY.items() if bug == name)
