"""Who may do what: one table of roles and acts, one of routes and acts. What is in neither is forbidden.

An API key is the operator's own server: it may do everything but what needs a person.
"""

from typing import Literal

from croupier.store.accounts import Role

Act = Literal[
    "look", "money", "launch", "end_session", "retry", "keep_exchanges", "games", "campaigns", "certify", "schedule",
    "go_live", "origins", "propose_resolution", "approve_resolution", "propose_void", "approve_void", "suspend",
    "audit",
]  # fmt: skip

_ALL: frozenset[Role] = frozenset(
    {"owner", "finance", "support", "read_only", "staff_account_manager", "staff_engineer", "staff_admin"}
)

ROLES: dict[Act, frozenset[Role]] = {
    "look": _ALL,
    "money": frozenset({"owner", "finance", "staff_account_manager", "staff_admin"}),
    "launch": frozenset({"owner", "staff_engineer", "staff_admin"}),
    "end_session": frozenset({"owner", "support", "staff_account_manager", "staff_admin"}),
    "retry": _ALL - {"read_only"},
    "keep_exchanges": frozenset({"owner", "staff_engineer", "staff_admin"}),
    "games": frozenset({"owner", "staff_account_manager", "staff_admin"}),
    "campaigns": frozenset({"owner", "staff_account_manager"}),
    "certify": frozenset({"owner", "staff_account_manager", "staff_engineer", "staff_admin"}),
    "schedule": frozenset({"owner", "staff_account_manager", "staff_engineer", "staff_admin"}),
    "go_live": frozenset({"owner", "staff_admin"}),
    "origins": frozenset({"owner", "staff_engineer", "staff_admin"}),
    "propose_resolution": frozenset({"finance", "staff_account_manager", "staff_engineer", "staff_admin"}),
    "approve_resolution": frozenset({"staff_admin"}),
    "propose_void": frozenset({"owner", "finance", "support", "staff_account_manager", "staff_admin"}),
    "approve_void": frozenset({"finance", "staff_admin"}),
    "suspend": frozenset({"staff_account_manager", "staff_engineer", "staff_admin"}),
    "audit": _ALL - {"read_only"},
}

PEOPLE_ONLY: frozenset[Act] = frozenset(
    {"go_live", "propose_resolution", "approve_resolution", "propose_void", "approve_void", "suspend"}
)
"""Somebody answers for it, and a key is nobody."""

SIGNS: frozenset[Role] = ROLES["launch"] & ROLES["campaigns"]
"""Who may be shown the right signature of a call to us: whoever may do all that such a call does. Nobody has proved to
have sent it, so its text may be the reader's own.
"""

ROUTES: dict[str, Act] = {
    "PUT /players/{player_id}": "launch",
    "POST /sessions": "launch",
    "POST /demo-sessions": "launch",
    "DELETE /sessions/{session_id}": "end_session",
    "POST /retries": "retry",
    "POST /transactions/{transaction_id}/retry": "retry",
    "PUT /origins": "origins",
    "PUT /exchanges/retention": "keep_exchanges",
    "PUT /game-sets/{set_id}": "games",
    "DELETE /game-sets/{set_id}": "games",
    "PUT /campaigns/{campaign_id}": "campaigns",
    "DELETE /campaigns/{campaign_id}": "campaigns",
    "PUT /campaigns/{campaign_id}/players": "campaigns",
    "POST /certifications": "certify",
    "PUT /certifications/schedule": "schedule",
    "DELETE /certifications/{certification_id}": "certify",
    "POST /going-live": "go_live",
    "POST /reconciliations": "money",
    "GET /reconciliations": "money",
    "GET /reconciliations/{reconciliation_id}": "money",
    "GET /reconciliations/{reconciliation_id}/document": "money",
    "GET /statements/{date}": "money",
    "GET /audit": "audit",
    "POST /rounds/{round_id}/resolutions": "propose_resolution",
    "POST /resolutions/{resolution_id}/approve": "approve_resolution",
    "POST /rounds/{round_id}/voids": "propose_void",
    "POST /voids/{resolution_id}/approve": "approve_void",
    "POST /rounds/{round_id}/suspensions": "suspend",
}


def act_of(method: str, route: str) -> Act | None:
    """What a call does; None: nobody said, so no person may. Reading is for all unless the table says otherwise."""
    return ROUTES.get(f"{method} {route}") or ("look" if method in ("GET", "HEAD") else None)


def may(role: Role, act: Act | None) -> bool:
    return act is not None and role in ROLES[act]
