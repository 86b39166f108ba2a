"""``/self-validate``: our own rules for what this API's self-check goes through, told in its answer."""

from croupier.dialects.actions import ListSessions, Steps, ask
from croupier.dialects.slotegrator.replies import reply
from croupier.dialects.wallet_check import CheckedRule, CheckWallet
from croupier.domain.exchange import HttpResponse
from croupier.domain.refusal import Refused

FRESH_US = 15 * 60 * 1_000_000
RULES = (
    *("BAL-01", "BAL-02", "ROUND-01", "ROUND-02", "ROUND-04", "ROUND-06", "ROUND-07", "ROUND-09", "ROUND-11"),
    *("ROUND-14", "FUND-01", "FUND-02", "IDEM-01", "IDEM-02", "IDEM-03", "SIG-02"),
    *("ROLL-03", "ROLL-04", "ROLL-05", "ROLL-07", "ROLL-09", "ROLL-11", "ROLL-15"),
)
"""Each with the rules that it stands on. What the self-check leaves out, such as races, is in the account."""


def self_validate(at: int) -> Steps[HttpResponse]:
    """With the player of the newest session of the last 15 minutes, whose balance changes."""
    sessions = yield from ask(ListSessions(opened_from=at - FRESH_US, open=True))
    session = next((one for one in sessions if not one.demo), None)
    if session is None:
        raise Refused("players_needed", "Open a session with /games/init first: its player is played with.")
    checked = yield from ask(
        CheckWallet(RULES, session.player_id, session.currency, operator_token=session.operator_token)
    )
    log = [checked.why] if checked.why else []
    log += [_line(one) for one in checked.rules]
    return reply({"success": checked.green, "log": [*log, f"All of it, with bytes: {checked.url}"]})


def _line(one: CheckedRule) -> str:
    line = f"{one.verdict} {one.rule_id} {one.requirement}"
    if one.expected:
        line += f" Expected {one.expected}; got {one.got}."
    return " ".join(part for part in (line, one.cause, one.fix, one.note) if part)
