"""A wallet in an API of the casino's own, described as data: `croupier certify --dialect ./map.toml`.

The kit alone speaks it; a platform needs a dialect that is tested for years of rounds.
"""
