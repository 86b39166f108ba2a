"""Which process of which server a worker is: its supervisor tells it, and nobody else."""

PLACE = "CROUPIER_PLACE"
"""Environment variable, ``<server>/<number>``. Who begins at a place has outlived whoever was there before."""
