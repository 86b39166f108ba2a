"""A wallet process that is killed in the middle of a bet of 163: ``python dying.py KIND PLACE PLAYER BET WHERE``.

WHERE: ``before`` the commit, when the balance is changed and the entry written; ``after`` it, when nobody was answered.
"""

import os
import signal
import sys
from contextlib import contextmanager

from croupier_wallet import Call, Database, SqlLedger
from wallet_sdk.places import PLAYERS, database_at


def bet_of(player: str, name: str, amount: int) -> Call:
    return Call(
        kind="bet",
        player_id=player,
        session_id="ses_1",
        game_id="krakens-hoard",
        currency="EUR",
        transaction_id=name,
        round_id=f"rd-{name}",
        amount=amount,
        expires_at=4_000_000_000,
    )


def main(kind: str, place: str, player: str, name: str, where: str) -> None:
    real = database_at(kind, place)

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def doomed():
        with real.transaction() as sql:
            yield sql.connection
            if where == "before":
                die()
        die()

    SqlLedger(Database(kind, doomed, "?" if kind == "sqlite" else "%s"), PLAYERS).answer(bet_of(player, name, 163), 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
