"""Errors about free rounds."""

from croupier.domain.error_kinds import rows

CAMPAIGNS = rows(
    (
        *("free_rounds_unsupported", 422, "Free rounds are not possible here"),
        "Use a game whose `free_rounds` is true in GET /api/v1/games.",
        "The game does not declare free rounds, or your wallet's dialect counts them itself.",
        "Slots have free rounds; table games, where a player can add to the bet, do not.",
    ),
    (
        *("campaign_started", 409, "The campaign has started and cannot be changed like this"),
        "Change `ends_at` only, or cancel it and make a new campaign.",
        "Players were promised these games, rounds and this bet; only the end may still move.",
        "Announce a campaign with a later `starts_at` while you may still want to change it.",
    ),
    (
        *("campaign_over", 409, "The campaign has ended or was cancelled"),
        "Make a new campaign with another id.",
        "After its end, or once cancelled, a campaign takes neither changes nor players.",
        "GET /api/v1/campaigns/{campaign_id} shows what became of it.",
    ),
    (
        *("unknown_campaign", 422, "This player has no such free rounds in this game"),
        "PUT /api/v1/campaigns/{campaign_id}/players gives them; `game_ids` says where.",
        "There is no such campaign, it does not have this game, or this player is not in it.",
        "Name a campaign only when your player has it, or leave `campaign_id` out to play with money.",
    ),
    (
        *("campaign_not_running", 409, "The campaign is not running now"),
        "Open the session without `campaign_id`; a free round that is open is finished all the same.",
        "It begins later, has ended, or was cancelled.",
        "Look at `state`, `starts_at` and `ends_at` of GET /api/v1/campaigns/{campaign_id}.",
    ),
    (
        *("free_rounds_over", 409, "No free round is left"),
        "Read the session again and show the player bets with money.",
        "The bet was meant as a free round, but the last one is used, or the campaign has ended meanwhile.",
        "Nothing was placed: a bet that names a campaign never costs money.",
    ),
)
