"""Sessions: one player in one game. Opening one asks the wallet first, and gives the link that starts the game."""

import asyncio

import msgspec

from croupier.api.actions.campaign_rules import check_promise
from croupier.api.actions.checks import check_currency, check_language
from croupier.api.actions.players import checked_player, currency_is_fixed, write_player
from croupier.api.platform import Platform
from croupier.api.player.replays import HISTORY_PATH, HistoryOf, history_token
from croupier.api.problems import Problem
from croupier.dialects.actions import (
    EndSession,
    FindSession,
    History,
    HistoryToken,
    Introduce,
    Launched,
    ListSessions,
    OpenDemo,
    OpenSession,
    SessionFound,
)
from croupier.domain.ids import text_of
from croupier.domain.parties import Limits, Operator, Player, Seat, SeatKey, Session
from croupier.domain.refusal import Refused
from croupier.games.game import Game
from croupier.runtime.wallet_calls import Answer, why_of
from croupier.store import sessions as rows
from croupier.store.connect import Connection
from croupier.store.exchange_reads import found
from croupier.store.players import get_player
from croupier.store.records import Stale, Unavailable
from croupier.store.sessions import IDLE_LIFE_US, LAUNCH_LIFE_US, SessionRow, Subject
from croupier.wallet.calls import Balance, Context
from croupier.wallet.outcome import Accepted, Introduced

LONGEST_LIFE_US = 30 * 24 * 3600 * 1_000_000
"""However busy it is, a session takes no bets after that."""
DEMO_START_LEVELS = 2000

_PLAIN = "0123456789abcdefghijklmnopqrstuvwxyz"


class Ready(msgspec.Struct, frozen=True):
    """A session that has passed all checks, to be written down. `again`: it was open before. `player`: to be written
    with it.
    """

    row: SessionRow
    launch_token: str
    player: Player | None = None
    again: bool = False
    only_one: bool = False


async def ready_session(platform: Platform, operator: Operator, wanted: OpenSession) -> Ready:
    """Waits for the wallet: no transaction may be open. Refused with what is wrong; then there is no session."""
    platform.open_to_play(operator)
    game = platform.game(wanted.game_id)
    check_language(wanted.language)
    player, written = await _player(platform, operator, wanted)
    check_limits(wanted.limits, game, player.currency)
    if wanted.campaign_id is not None:
        await check_promise(platform, wanted.campaign_id, player, game, wanted.limits)
    key = SeatKey(operator.operator_id, player.player_id, game.game_id, "real")
    before = await _open_before(platform, key, wanted) if wanted.resume else None
    session = before.session if before is not None else None
    if session is None:
        session = _session(platform, player.currency, wanted.language or player.language or "en", wanted)
    if wanted.ask_balance:
        answer = await platform.runner.balance(operator, key, session)
        if not isinstance(answer.outcome, Accepted):
            raise await _wallet_problem(platform, operator, answer)
    if before is not None:
        return Ready(before, platform.token("lt_"), written, again=True, only_one=wanted.only_one)
    try:
        seat = await platform.runner.open_session(key, session)
    except (Stale, Unavailable) as away:
        raise Refused("busy") from away
    subject = Subject(wanted.device, wanted.ip, wanted.jurisdiction)
    return Ready(_row(seat, session, subject), platform.token("lt_"), written, only_one=wanted.only_one)


async def _player(platform: Platform, operator: Operator, wanted: OpenSession) -> tuple[Player, Player | None]:
    """Who plays, and what is to be written of it with the session."""
    written = checked_player(operator, wanted.player) if wanted.player is not None else None
    found = await get_player(platform.pool, operator.operator_id, wanted.player_id)
    if found is None:
        if written is None:
            raise Refused("unknown_player", f"There is no player {wanted.player_id}.", param="player_id")
        return written, written
    if not found.player.enabled:
        raise Refused("player_blocked", "This player is blocked here.")
    if written is not None and written.currency != found.player.currency:
        raise currency_is_fixed(wanted.player_id, found.player.currency)
    check_currency(operator, found.player.currency)
    return found.player, written


async def ready_demo(platform: Platform, operator: Operator, wanted: OpenDemo) -> Ready:
    platform.enabled(operator)
    game = platform.game(wanted.game_id)
    check_currency(operator, wanted.currency)
    check_language(wanted.language)
    session = _session(platform, wanted.currency, wanted.language or "en", wanted)
    key = SeatKey(operator.operator_id, "demo-" + text_of(platform.world.ids.random(12)), game.game_id, "demo")
    start = wanted.start_balance
    if start is None:
        start = DEMO_START_LEVELS * game.bet_levels(wanted.currency)[0]
    seat = await platform.play_money.open(key, session, start)
    return Ready(_row(seat, session, Subject(start_balance=start, home=platform.home)), platform.token("lt_"))


async def write_session(db: Connection, ready: Ready, platform: Platform) -> Launched:
    row, expires_at = ready.row, platform.now() + LAUNCH_LIFE_US
    if ready.player is not None:
        await write_player(db, ready.player, platform.now())
    if ready.again:
        await rows.launch_again(db, row.session.session_id, ready.launch_token, expires_at)
    else:
        await rows.add_session(db, row, ready.launch_token, expires_at)
    address = f"{platform.links.public}/play/?token={ready.launch_token}&lang={row.session.language}"
    return Launched(row.session.session_id, address, expires_at)


async def open_session(platform: Platform, operator: Operator, wanted: OpenSession) -> Launched:
    return await _opened(platform, operator, await ready_session(platform, operator, wanted))


async def open_demo(platform: Platform, operator: Operator, wanted: OpenDemo) -> Launched:
    return await _opened(platform, operator, await ready_demo(platform, operator, wanted))


async def _opened(platform: Platform, operator: Operator, ready: Ready) -> Launched:
    async with platform.pool.acquire() as db, db.transaction():
        launched = await write_session(db, ready, platform)
    if ready.only_one:
        row = ready.row
        for other in await rows.open_sessions(platform.pool, row.operator_id, row.player_id, row.opened_at):
            if other != launched.session_id:
                await end_session(platform, operator, EndSession(other), reason="replaced")
    return launched


async def end_in_journal(platform: Platform, operator: Operator, wanted: EndSession, reason: str) -> SessionRow:
    """Refused ``not_found``, ``busy``. Waits for the journal; `write_end` follows."""
    row = await rows.get_session(platform.pool, operator.operator_id, wanted.session_id)
    if row is None:
        raise Refused("not_found", f"There is no session {wanted.session_id}.")
    if row.ended_at is None and (row.mode == "real" or platform.play_money.has(row.seat_key)):
        try:
            await platform.runner_for(row.mode).end_session(row.seat_id, wanted.session_id, reason)
        except (Stale, Unavailable) as away:
            raise Refused("busy") from away
    return row


async def end_session(platform: Platform, operator: Operator, wanted: EndSession, *, reason: str = "operator") -> None:
    row = await end_in_journal(platform, operator, wanted, reason)
    async with platform.pool.acquire() as db:
        await rows.end_session(db, row.session.session_id, platform.now(), reason)


async def find_session(platform: Platform, operator: Operator, wanted: FindSession) -> SessionFound | None:
    row = await rows.get_session(platform.pool, operator.operator_id, wanted.session_id)
    return _found(row, platform.now()) if row is not None else None


async def list_sessions(platform: Platform, operator: Operator, wanted: ListSessions) -> tuple[SessionFound, ...]:
    now = platform.now()
    listed = await rows.list_sessions(
        platform.pool,
        operator.operator_id,
        rows.SessionFilter(
            *(wanted.opened_from, wanted.opened_to, wanted.ended_from, wanted.ended_to, wanted.open),
            *(wanted.player_ids, wanted.group_ids, now - IDLE_LIFE_US),
        ),
    )
    return tuple(_found(row, now) for row in listed)


async def give_history_token(platform: Platform, operator: Operator, wanted: HistoryToken) -> History:
    if await rows.get_session(platform.pool, operator.operator_id, wanted.session_id) is None:
        raise Refused("not_found", f"There is no session {wanted.session_id}.")
    until = platform.now() + wanted.life_s * 1_000_000
    token = history_token(platform.replay_key, HistoryOf(operator.operator_id, wanted.session_id, until))
    return History(token, f"{platform.links.public}{HISTORY_PATH}?token={token}")


def ended_at(row: SessionRow, now: int) -> int | None:
    """When it ended: it was ended, or nobody called for too long."""
    idle = row.ended_at is None and now - row.seen_at > IDLE_LIFE_US
    return row.seen_at + IDLE_LIFE_US if idle else row.ended_at


def end_reason(row: SessionRow, now: int) -> str | None:
    return "expired" if row.ended_at is None and ended_at(row, now) is not None else row.end_reason


async def _open_before(platform: Platform, key: SeatKey, wanted: OpenSession) -> SessionRow | None:
    """The session to go on with: the same player, game and promise, open, and known to the seat as its own."""
    row = await rows.open_session_of(platform.pool, key)
    now = platform.now()
    if row is None or ended_at(row, now) is not None or now >= row.session.expires_at:
        return None
    same = (row.session.campaign_id, row.session.bonus_id) == (wanted.campaign_id, wanted.bonus_id)
    return row if same and row.session.operator_token == wanted.operator_token else None


def _session(platform: Platform, currency: str, language: str, wanted: OpenSession | OpenDemo) -> Session:
    now = platform.now()
    real = wanted if isinstance(wanted, OpenSession) else None
    return Session(
        session_id=_plain_id(platform) if wanted.plain_id else "ss_" + text_of(platform.world.ids.random(15)),
        currency=currency,
        language=language,
        opened_at=now,
        expires_at=now + LONGEST_LIFE_US,
        limits=real.limits if real else Limits(),
        operator_token=real.operator_token if real else None,
        return_url=wanted.return_url,
        deposit_url=real.deposit_url if real else None,
        campaign_id=real.campaign_id if real else None,
        bonus_id=real.bonus_id if real else None,
    )


def _plain_id(platform: Platform) -> str:
    """15 letters and digits: 77 bits."""
    number = int.from_bytes(platform.world.ids.random(16), "big")
    return "".join(_PLAIN[number // 36**place % 36] for place in range(15))


def check_limits(limits: Limits, game: Game, currency: str) -> None:
    """Refused ``invalid_amount`` when they leave no bet."""
    low, high = limits.min_bet, limits.max_bet
    if low is not None and high is not None and low > high:
        raise Refused("invalid_amount", "min_bet is above max_bet: no bet would be possible.", param="limits.min_bet")
    levels = game.bet_levels(currency)
    if (high is not None and high < levels[0]) or (low is not None and game.scale and low > levels[-1]):
        detail = f"The game's bets go from {levels[0]} to {levels[-1]}; these limits leave none."
        raise Refused("invalid_amount", detail, param="limits")


async def introduce(platform: Platform, operator: Operator, wanted: Introduce) -> Introduced:
    platform.enabled(operator)
    question = Balance(Context("", "", wanted.game_id, "", wanted.token), platform.token("q_"), introduces=True)
    with platform.runner.admission.question(operator.operator_id):
        answer = await platform.runner.calls.ask(operator, question)
    if not isinstance(answer.outcome, Introduced):
        raise await _wallet_problem(platform, operator, answer, "authenticate")
    return answer.outcome


async def _wallet_problem(platform: Platform, operator: Operator, answer: Answer, call: str = "balance") -> Problem:
    """With the finding of the wallet's answer, which is looked for in a thread."""
    status, exchange_id = answer.status, answer.exchange_id
    code = "wallet_unreachable" if status is None else "wallet_refused"
    heard = "gave no answer" if status is None else f"answered HTTP {status}"
    detail = f"Your wallet {heard} to the {call} call: {why_of(answer.outcome)}. No session was opened."
    members = {"log_url": f"/account/exchanges/{exchange_id}"}
    exchange = await found(platform.pool, platform.exchanges, operator.operator_id, exchange_id)
    if exchange is not None:
        finding, _ = await asyncio.to_thread(platform.explainer.cause_of, exchange)
        members |= {"finding": finding} if finding is not None else {}
    return Problem(code, detail, **members)


def _row(seat: Seat, session: Session, subject: Subject) -> SessionRow:
    key = seat.key
    return SessionRow(
        key.operator_id,
        key.player_id,
        key.game_id,
        key.mode,
        seat.seat_id,
        session,
        subject,
        session.opened_at,
        session.opened_at,
    )


def _found(row: SessionRow, now: int) -> SessionFound:
    return SessionFound(
        session_id=row.session.session_id,
        player_id=row.player_id,
        game_id=row.game_id,
        demo=row.mode == "demo",
        currency=row.session.currency,
        language=row.session.language,
        opened_at=row.opened_at,
        ended_at=ended_at(row, now),
        end_reason=end_reason(row, now),
        operator_token=row.session.operator_token,
        campaign_id=row.session.campaign_id,
        bonus_id=row.session.bonus_id,
    )
