"""The methods of Operator API v1: parameters in, actions in between, the result out."""

from collections.abc import Callable
from typing import Any

import msgspec

from croupier.dialects.actions import (
    EndSession,
    FindBonus,
    FindGroup,
    FindPlayer,
    FindSession,
    HistoryToken,
    ListGames,
    ListSessions,
    OpenDemo,
    OpenSession,
    PutBonus,
    PutGroup,
    PutPlayer,
    SessionFound,
    Steps,
    ask,
)
from croupier.dialects.addresses import ip_of
from croupier.dialects.languages import language_of
from croupier.dialects.mascot.names import scale, whole, wire_game
from croupier.domain.ids import ID
from croupier.domain.instants import rfc3339
from croupier.domain.parties import Operator
from croupier.domain.refusal import Refused
from croupier.games.game import Game

SESSION_FAILED = 10505
BONUS_INVALID = 10802
WRONG_PARAMS = -32602
HISTORY_LIFE_MAX_S = 7 * 86_400

Result = dict[str, Any]


class RpcError(Refused):
    """An error of JSON-RPC, or of this API. The exchange is kept under ``error_<number>``."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(f"error_{number}", message)
        self.number = number
        self.message = message


class Asked(msgspec.Struct, frozen=True):
    operator: Operator
    at: int


class Params:
    """Parameters of a call, each read as what it should be. Numbers may come as text. RpcError -32602."""

    def __init__(self, members: dict[str, Any]) -> None:
        self._members = members

    def name(self, name: str) -> str:
        """A name of the operator's own."""
        value = self.optional_name(name)
        if value is None:
            raise RpcError(WRONG_PARAMS, f"{name} is required.")
        return value

    def optional_name(self, name: str) -> str | None:
        value = self._members.get(name)
        if type(value) is int:
            value = str(value)
        if value is not None and not (isinstance(value, str) and ID.match(value)):
            raise RpcError(WRONG_PARAMS, f"{name} must be text of 1-64 characters of A-Z a-z 0-9 _ . : @ -")
        return value

    def text(self, name: str, longest: int) -> str | None:
        value = self._members.get(name)
        if type(value) is int:
            value = str(value)
        if value is not None and not (isinstance(value, str) and len(value) <= longest and value.isprintable()):
            raise RpcError(WRONG_PARAMS, f"{name} must be text of at most {longest} characters.")
        return value or None

    def whole(self, name: str) -> int | None:
        given = self._members.get(name)
        value = whole(given)
        if given is not None and (value is None or value < 0):
            raise RpcError(WRONG_PARAMS, f"{name} must be a whole number, not negative.")
        return value

    def names(self, name: str) -> tuple[str, ...] | None:
        values = self._members.get(name)
        if values is None:
            return None
        if not isinstance(values, list) or len(values) > 1000 or not all(isinstance(v, str) for v in values):
            raise RpcError(WRONG_PARAMS, f"{name} must be a list of at most 1000 texts.")
        return tuple(values)

    def members(self, name: str) -> dict[str, Any]:
        """An object; an empty list stands for an empty one."""
        value = self._members.get(name)
        if value is None or value == []:
            return {}
        if not isinstance(value, dict):
            raise RpcError(WRONG_PARAMS, f"{name} must be an object.")
        return value


def plain(refused: Refused) -> RpcError:
    """What the platform refused, in this API's numbers."""
    match refused.code:
        case "wallet_unreachable" | "wallet_refused":
            detail = f"getBalance failed, so no session was created: {refused.detail}"
            return RpcError(SESSION_FAILED, detail)
        case "busy" | "internal_error":
            return RpcError(-32603, refused.detail or "Try again in a moment; nothing was changed.")
        case _:
            return RpcError(WRONG_PARAMS, refused.detail or refused.code)


def game_list(asked: Asked, params: Params) -> Steps[Result]:
    """With BankGroupId each game also carries the bets of the group's currency."""
    group_id = params.optional_name("BankGroupId")
    currency = None if group_id is None else (yield from _group_currency(group_id))
    games = yield from ask(ListGames())
    return {"Games": [_game(game, currency, asked.operator) for game in games]}


def bank_group_set(_: Asked, params: Params) -> Steps[Result]:
    group_id, currency = params.name("Id"), params.name("Currency")
    settings = params.text("SettingsPatch", 4096)
    params.whole("DefaultBankValue")
    known = yield from ask(FindGroup(group_id))
    try:
        yield from ask(PutGroup(group_id, currency, settings))
    except Refused:
        if known is None:
            raise
        # The currency of the first Set stays: a later one succeeds and changes nothing of it. The log of calls says so.
        yield from ask(PutGroup(group_id, known.currency, settings))
    return {}


def apply_settings_template(_: Asked, params: Params) -> Steps[Result]:
    yield from _group_currency(params.name("BankGroupId"))
    params.text("SettingsTemplateId", 64)
    return {}


def player_set(_: Asked, params: Params) -> Steps[Result]:
    player_id, group_id, nick = params.name("Id"), params.name("BankGroupId"), params.text("Nick", 64)
    known = yield from ask(FindPlayer(player_id))
    if known is None:
        currency = yield from _group_currency(group_id)
        yield from ask(PutPlayer(player_id, currency, nick, group_id=group_id))
        return {}
    group = yield from ask(FindGroup(group_id))
    try:
        yield from ask(PutPlayer(player_id, group.currency if group is not None else known.currency, nick))
    except Refused:
        # As with groups: the first currency stays, and the log of calls says that another one was asked for.
        yield from ask(PutPlayer(player_id, known.currency, nick))
    return {}


def session_create(_: Asked, params: Params) -> Steps[Result]:
    player_id = params.name("PlayerId")
    game = yield from _game_named(params.name("GameId"))
    bonus_id = params.optional_name("BonusId")
    policy = params.text("RestorePolicy", 16) or "Create"
    if policy not in ("Restore", "Create", "Last"):
        raise RpcError(WRONG_PARAMS, "RestorePolicy must be Restore or Create.")
    if bonus_id is not None and not ((yield from ask(FindBonus(bonus_id))) and game.free_rounds):
        raise RpcError(BONUS_INVALID, "BONUS_ID_INVALID")
    options = params.members("Params")
    launched = yield from ask(
        OpenSession(
            player_id,
            game.game_id,
            language=language_of(options.get("language")),
            return_url=_home(options),
            ip=_address(params),
            operator_token=params.text("AlternativeId", 512),
            bonus_id=bonus_id,
            resume=policy != "Create",
            only_one=True,
            plain_id=True,
        )
    )
    return {"SessionId": launched.session_id, "SessionUrl": launched.launch_url}


def session_create_demo(asked: Asked, params: Params) -> Steps[Result]:
    game = yield from _game_named(params.name("GameId"))
    currency = yield from _group_currency(params.name("BankGroupId"))
    start, options = params.whole("StartBalance"), params.members("Params")
    launched = yield from ask(
        OpenDemo(
            game.game_id,
            currency,
            language=language_of(options.get("language")),
            start_balance=None if start is None else scale(currency, asked.operator).minor(start),
            return_url=_home(options),
            plain_id=True,
        )
    )
    return {"SessionId": launched.session_id, "SessionUrl": launched.launch_url}


def session_close(_: Asked, params: Params) -> Steps[Result]:
    session_id = params.name("SessionId")
    yield from _session_named(session_id)
    yield from ask(EndSession(session_id))
    return {}


def session_get(_: Asked, params: Params) -> Steps[Result]:
    found = yield from _session_named(params.name("SessionId"))
    return _session(found)


def session_list(_: Asked, params: Params) -> Steps[Result]:
    status = params.text("Status", 16)
    if status not in (None, "Open", "Closed"):
        raise RpcError(WRONG_PARAMS, "Status must be Open or Closed.")
    found = yield from ask(
        ListSessions(
            opened_from=_moment(params, "CreateTimeFrom"),
            opened_to=_moment(params, "CreateTimeTo"),
            ended_from=_moment(params, "CloseTimeFrom"),
            ended_to=_moment(params, "CloseTimeTo"),
            open=None if status is None else status == "Open",
            player_ids=params.names("PlayerIds"),
            group_ids=params.names("BankGroupIds"),
        )
    )
    return {"Sessions": [_session(one) for one in found]}


def bonus_set(_: Asked, params: Params) -> Steps[Result]:
    """Its id is all that we need: the operator counts. What older clients send beside it is not used."""
    yield from ask(PutBonus(params.name("Id")))
    return {}


def pending_bonus_transactions(_: Asked, __: Params) -> Steps[Result]:
    """`collectBonusReward` is never sent, as what free rounds win is paid by `withdrawAndDeposit`: none is pending."""
    yield from ()
    return {"Transactions": []}


def history_token(_: Asked, params: Params) -> Steps[Result]:
    session_id, life_s = params.name("SessionId"), params.whole("ExpiryInSeconds")
    if not life_s or life_s > HISTORY_LIFE_MAX_S:
        raise RpcError(WRONG_PARAMS, f"ExpiryInSeconds must be 1-{HISTORY_LIFE_MAX_S}.")
    yield from _session_named(session_id)
    history = yield from ask(HistoryToken(session_id, life_s))
    return {"Token": history.token, "Url": history.url}


METHODS: dict[str, Callable[[Asked, Params], Steps[Result]]] = {
    "Game.List": game_list,
    "BankGroup.Set": bank_group_set,
    "BankGroup.Create": bank_group_set,
    "BankGroup.ApplySettingsTemplate": apply_settings_template,
    "Player.Set": player_set,
    "Player.Create": player_set,
    "Session.Create": session_create,
    "Session.CreateDemo": session_create_demo,
    "Session.Close": session_close,
    "Session.Get": session_get,
    "Session.List": session_list,
    "Bonus.Set": bonus_set,
    "Bonus.GetPendingBonusTransactions": pending_bonus_transactions,
    "History.GetToken": history_token,
}
"""Those that operators use with a seamless wallet."""

_TRANSFER = "belongs to the transfer wallet, which is not served: bets and wins are calls to your own wallet."
NOT_SERVED: dict[str, str] = {
    **dict.fromkeys(("Balance.Get", "Balance.Change"), _TRANSFER),
    **dict.fromkeys(("Bonus.List", "PlayerBonus.List", "PlayerBonus.Get"), _TRANSFER),
    **dict.fromkeys(("PlayerBonus.Activate", "PlayerBonus.Deactivate", "PlayerBonus.Execute"), _TRANSFER),
    "Jackpot.GetStreamToken": "is not served: no game here has a jackpot.",
}
"""Methods of the API that have nothing to answer here, and why: -32601."""


def _group_currency(group_id: str) -> Steps[str]:
    group = yield from ask(FindGroup(group_id))
    if group is None:
        raise RpcError(WRONG_PARAMS, f"BankGroupId: there is no bank group {group_id}.")
    return group.currency


def _game_named(name: str) -> Steps[Game]:
    games = yield from ask(ListGames())
    game = next((game for game in games if name in (wire_game(game.game_id), game.game_id)), None)
    if game is None:
        raise RpcError(WRONG_PARAMS, f"GameId: there is no game {name}.")
    return game


def _session_named(session_id: str) -> Steps[SessionFound]:
    found = yield from ask(FindSession(session_id))
    if found is None:
        raise RpcError(WRONG_PARAMS, f"SessionId: there is no session {session_id}.")
    return found


def _game(game: Game, currency: str | None, operator: Operator) -> Result:
    tags = ["FR"] if game.free_rounds else []
    shown: Result = {
        "Id": wire_game(game.game_id),
        "Name": game.name,
        "Description": f"{game.kind.capitalize()}, wins up to {game.max_win} times the bet",
        "SectionId": "croupier",
        "Type": "slots" if game.kind == "slot" else game.kind,
        "Format": "html",
        "Tags": tags,
        "LinesCount": _lines(game),
        "BaseBet": game.scale or 1,
    }
    if currency is not None:
        try:
            counted, levels = scale(currency, operator), game.bet_levels(currency)
        except KeyError:
            return shown | {"Settings": {"Currency": currency, "Bets": []}}
        bets = [counted.integer(level) for level in levels if level % counted.step == 0]
        shown["Settings"] = {"Currency": currency, "Bets": bets}
    return shown


def _lines(game: Game) -> str:
    """A text, also where it is a plain number."""
    rules = game.rules if isinstance(game.rules, dict) else {}
    lines = rules.get("lines")
    return str(len(lines)) if isinstance(lines, list | tuple) else "0"


def _session(found: SessionFound) -> Result:
    return {
        "Id": found.session_id,
        "PlayerId": found.player_id,
        "GameId": wire_game(found.game_id),
        "Demo": found.demo,
        "Currency": found.currency,
        "Status": "Open" if found.ended_at is None else "Closed",
        "CreateTime": rfc3339(found.opened_at),
        "CloseTime": None if found.ended_at is None else rfc3339(found.ended_at),
        "AlternativeId": found.operator_token,
        "BonusId": found.bonus_id,
    }


def _home(options: dict[str, Any]) -> str | None:
    """`home_url` false, and whatever is no address, gives no button."""
    home = options.get("home_url")
    if not isinstance(home, str) or len(home) > 2048 or not home.startswith(("http://", "https://")):
        return None
    return home if home.isprintable() and not set(home) & set(' "<>') else None


def _address(params: Params) -> str | None:
    address = params.text("PlayerIp", 45)
    if address is not None and ip_of(address) is None:
        raise RpcError(WRONG_PARAMS, "PlayerIp must be an IPv4 or IPv6 address.")
    return address


def _moment(params: Params, name: str) -> int | None:
    """Seconds since 1970."""
    seconds = params.whole(name)
    if seconds is not None and seconds >= 1 << 40:
        raise RpcError(WRONG_PARAMS, f"{name} must be seconds since 1970.")
    return None if seconds is None else seconds * 1_000_000
