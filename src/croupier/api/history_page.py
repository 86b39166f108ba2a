"""The page behind a history token: the rounds of one session, for whoever the operator gives the link to.

Plain HTML without scripts. It shows what a token says and nothing else: no other session, no personal data.
"""

from html import escape
from string import Template
from urllib.parse import parse_qs, quote

from starlette.types import Scope, Send

from croupier.api.actions.rounds import replay_address
from croupier.api.platform import Platform
from croupier.api.player.replays import HISTORY_PATH, HistoryOf, read_history_token
from croupier.api.replies import Reply
from croupier.api.wire import cursor_of, key_of
from croupier.domain.instants import rfc3339
from croupier.domain.money import CURRENCIES, Money
from croupier.domain.refusal import Refused
from croupier.store.reads import RoundFilter, RoundRow, freshness, list_rounds
from croupier.store.sessions import SessionRow, get_session

PAGE = 100

_WORDS = {
    "en": ("Rounds", "Time (UTC)", "Round", "Bet", "Win", "State", "Older", "No rounds were played in this session."),
    "de": ("Runden", "Zeit (UTC)", "Runde", "Einsatz", "Gewinn", "Stand", "Ältere", "Keine Runden in dieser Sitzung."),
    "es": (
        "Rondas",
        "Hora (UTC)",
        "Ronda",
        "Apuesta",
        "Premio",
        "Estado",
        "Anteriores",
        "Ninguna ronda en esta sesión.",
    ),
    "pt-BR": (
        "Rodadas",
        "Hora (UTC)",
        "Rodada",
        "Aposta",
        "Prêmio",
        "Estado",
        "Anteriores",
        "Nenhuma rodada nesta sessão.",
    ),
}
_OVER = "This link is not valid any more. Ask the casino for a new one."

_HTML = Template("""<!doctype html>
<html lang="$lang"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>$title</title>
<style>
:root{color-scheme:light dark;--text:#111816;--dim:#5c6964;--line:#d9e0dd;--link:#075c3b;--back:#f6f8f7}
@media (prefers-color-scheme:dark){:root{--text:#e9efec;--dim:#9aa8a2;--line:#2b3733;--link:#5fd0a2;--back:#0f1614}}
body{font:1rem/1.5 system-ui,sans-serif;color:var(--text);background:var(--back)}
body{margin:1.5rem auto;max-width:56rem;padding:0 1rem}
h1{font-size:1.4rem;margin:0}p{color:var(--dim);margin:.25rem 0 1rem;overflow-wrap:anywhere}a{color:var(--link)}
div{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap}
.amount{text-align:right;font-variant-numeric:tabular-nums}
</style>
<main><h1>$title</h1>$body</main></html>
""")

_HEADERS = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"),
)


async def history_page(platform: Platform, scope: Scope, send: Send) -> None:
    """ASGI for GET and HEAD."""
    if scope["method"] not in ("GET", "HEAD"):
        await Reply(405, ((b"allow", b"GET, HEAD"),), b"").send(send)
        return
    query = parse_qs(scope["query_string"].decode("latin-1"))
    token, before = query.get("token", [""])[0], query.get("before", [None])[0]
    of = read_history_token(platform.replay_key, token, platform.now())
    row = await get_session(platform.pool, of.operator_id, of.session_id) if of is not None else None
    if of is None or row is None:
        reply = _page(410, "en", "Croupier", f"<p>{_OVER}</p>")
    else:
        try:
            reply = await _listed(platform, of, row, token, key_of(before))
        except Refused as refused:
            reply = _page(422, "en", "Croupier", f"<p>{escape(refused.detail or refused.code)}</p>")
    await (reply._replace(body=b"") if scope["method"] == "HEAD" else reply).send(send)


async def _listed(
    platform: Platform, of: HistoryOf, row: SessionRow, token: str, before: tuple[int, str] | None
) -> Reply:
    await freshness(platform.pool, platform.now())
    wanted = RoundFilter(session_id=of.session_id)
    found = await list_rounds(platform.pool, of.operator_id, wanted, PAGE + 1, before)
    language = row.session.language
    rounds, time, name, bet, win, state, older, none = _WORDS.get(language, _WORDS["en"])
    game = platform.games.get(row.game_id)
    about = f"<p>{escape(of.session_id)} · {escape(row.session.currency)}</p>"
    if not found:
        return _page(200, language, f"{rounds}: {game.name if game else row.game_id}", f"{about}<p>{none}</p>")
    heads = (
        f"<th scope=col>{time}<th scope=col class=amount>{bet}<th scope=col class=amount>{win}"
        f"<th scope=col>{state}<th scope=col>{name}"
    )
    lines = "".join(_line(platform, of, language, one) for one in found[:PAGE])
    more = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        cursor = cursor_of(last.opened_at, last.round_id)
        more = f'<p><a href="{HISTORY_PATH}?token={quote(token)}&amp;before={quote(cursor)}">{older}</a></p>'
    table = f"<div><table><thead><tr>{heads}</thead><tbody>{lines}</tbody></table></div>"
    return _page(200, language, f"{rounds}: {game.name if game else row.game_id}", about + table + more)


def _line(platform: Platform, of: HistoryOf, language: str, one: RoundRow) -> str:
    """The replay opens for as long as the list itself."""
    address = replay_address(platform, of.operator_id, one.round_id, language, until=of.expires_at)
    currency = CURRENCIES[one.currency]
    amounts = "".join(f"<td class=amount>{Money(amount, currency)}" for amount in (one.bet, one.win))
    at = rfc3339(one.opened_at)[:19].replace("T", " ")
    round_id = f'<a href="{escape(address)}">{escape(one.round_id)}</a>'
    return f"<tr><td>{at}{amounts}<td>{escape(one.state)}<td>{round_id}"


def _page(status: int, language: str, title: str, body: str) -> Reply:
    return Reply(status, _HEADERS, _HTML.substitute(lang=language, title=escape(title), body=body).encode())
