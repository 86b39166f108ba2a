"""What a technician of either API needs."""

from typing import Any

from croupier.dialects.softswiss.names import wire_game
from croupier.dialects.softswiss.signature import HEADER
from croupier.domain.parties import Operator


def handover(operator: Operator, url: str, *, wallet_calls: list[str], demo: str, game: str) -> dict[str, Any]:
    """`url`: where our side begins; `demo`: the path of a launch for play money, `game` its name for the game."""
    token = operator.wallet_secrets[0]
    body = f'{{"casino_id":"{operator.operator_id}","{game}":"{wire_game("krakens-hoard")}","locale":"en"}}'
    sign = f"$(printf %s \"$body\" | openssl dgst -sha256 -hmac '{token}' | sed 's/.* //')"
    return {
        "base_url": url,
        "casino_id": operator.operator_id,
        "auth_token": token,
        "signature_header": HEADER,
        "wallet_url": operator.wallet_url.rstrip("/"),
        "wallet_calls": wallet_calls,
        "games": f"{wire_game('IDENTIFIER')}, as `croupier games` lists them",
        "first_request": (
            f"body='{body}'; curl -s {url}{demo} -H 'Content-Type: application/json' "
            f'-H "{HEADER}: {sign}" -d "$body"'
        ),
    }
