"""``python -m croupier.simulation``: see `command`."""

import typer

from croupier.simulation.command import main

if __name__ == "__main__":
    typer.run(main)
