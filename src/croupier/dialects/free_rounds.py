"""Which of a player's free rounds a new session plays, in APIs whose launch does not say it."""

from croupier.dialects.actions import ListGrants, Steps, ask


def promised(player_id: str, game_id: str) -> Steps[str | None]:
    """The running campaign in this game that has rounds left for this player and ends first; None: there is none."""
    grants = yield from ask(ListGrants(player_id, running=True))
    mine = [one for one in grants if game_id in one.campaign.game_ids and one.progress and one.progress.left]
    first = min(mine, key=lambda one: (one.campaign.ends_at, one.campaign.campaign_id), default=None)
    return first.campaign.campaign_id if first is not None else None
