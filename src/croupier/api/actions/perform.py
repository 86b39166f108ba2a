"""Which code performs which action: an explicit list."""

from collections.abc import Awaitable, Callable
from typing import Any

from croupier.api.actions import campaigns, certifications, games, players, rounds, sessions
from croupier.api.platform import Platform
from croupier.dialects import actions
from croupier.dialects.wallet_check import CheckWallet
from croupier.domain.parties import Operator

_PERFORMED_BY: dict[type[actions.Action[Any]], Callable[[Platform, Operator, Any], Awaitable[Any]]] = {
    actions.ListGames: games.list_games,
    actions.FindGame: games.find_game,
    actions.PutGroup: players.put_group,
    actions.FindGroup: players.find_group,
    actions.PutPlayer: players.put_player,
    actions.FindPlayer: players.find_player,
    actions.OpenSession: sessions.open_session,
    actions.Introduce: sessions.introduce,
    actions.OpenDemo: sessions.open_demo,
    actions.EndSession: sessions.end_session,
    actions.FindSession: sessions.find_session,
    actions.ListSessions: sessions.list_sessions,
    actions.HistoryToken: sessions.give_history_token,
    actions.PutCampaign: campaigns.put_campaign,
    actions.GiveFreeRounds: campaigns.give,
    actions.GrantFreeRounds: campaigns.grant,
    actions.CancelCampaign: campaigns.cancel,
    actions.ReadCampaign: campaigns.read,
    actions.ListGrants: campaigns.list_grants,
    actions.PutBonus: campaigns.put_bonus,
    actions.FindBonus: campaigns.find_bonus,
    CheckWallet: certifications.check_wallet,
    actions.FindRound: rounds.find_round,
    actions.ListFinished: rounds.list_finished,
    actions.ListTransactions: rounds.list_of_transactions,
}


async def perform(platform: Platform, operator: Operator, action: actions.Action[Any]) -> Any:
    """Refused: nothing was changed."""
    return await _PERFORMED_BY[type(action)](platform, operator, action)
