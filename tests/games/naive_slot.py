"""A second evaluator of slots, written to be obvious instead of fast: it tries every symbol on every line.

It reads the TOML tree itself and shares no code with `croupier.games`.
"""

from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import product


def window(strips, stops):
    """Rows of symbols, top to bottom, each with one symbol a reel."""
    strips = [strip.split() for strip in strips]
    return [[strip[(stop + row) % len(strip)] for strip, stop in zip(strips, stops, strict=True)] for row in range(3)]


def line_win(tree, symbols):
    """The most that any symbol earns on one line."""
    wild, best = tree["wild"], 0
    for symbol, pays in tree["pays"].items():
        for count, win in pays.items():
            run = symbols[: int(count)]
            if all(cell in {symbol, wild} for cell in run) and symbol in run:
                best = max(best, win)
    return best


def evaluate(tree, rows):
    """(wins by line, number of scatters, scatter win), all without a multiplier."""
    lines = {}
    for index, path in enumerate(tree["lines"]):
        win = line_win(tree, [rows[row][reel] for reel, row in enumerate(path)])
        if win:
            lines[index] = win
    scatters = sum(row.count(tree["scatter"]) for row in rows)
    return lines, scatters, tree["scatter_pays"].get(str(scatters), 0)


def spin_chances(tree, name):
    """(win, spins won) -> probability, from every combination of stops."""
    strips, found = tree["strips"][name], Counter()
    for stops in product(*(range(len(strip.split())) for strip in strips)):
        lines, scatters, scatter_win = evaluate(tree, window(strips, stops))
        found[sum(lines.values()) + scatter_win, tree["free_spins"]["award"].get(str(scatters), 0)] += 1
    whole = sum(found.values())
    return {outcome: Fraction(count, whole) for outcome, count in found.items()}


def round_chances(tree):
    """Win of a whole round in units -> probability: every chain of spins followed to its end."""
    free, cap = tree["free_spins"], tree["max_win"] * tree["scale"]
    free_chances = spin_chances(tree, free["strips"])

    @cache
    def endings(total, left, awarded):
        if total >= cap:
            return {cap: Fraction(1)}
        if not left:
            return {total: Fraction(1)}
        result = {}
        for (win, won), chance in free_chances.items():
            more = min(won, free["max_spins"] - awarded)
            following = endings(total + win * free["multiplier"], left - 1 + more, awarded + more)
            for end, part in following.items():
                result[end] = result.get(end, 0) + chance * part
        return result

    chances = {}
    for (win, won), chance in spin_chances(tree, "base").items():
        for end, part in endings(min(win, cap), won, won).items():
            chances[end] = chances.get(end, 0) + chance * part
    return chances
