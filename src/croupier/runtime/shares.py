"""Something that all operators share, and how much of it one of them may hold."""

PART = 8
"""Nobody gets more than this part of what is free."""


class Shares:
    """`each`: the most that one may hold. `most`: the most that all may hold together.

    The less is free, the less anybody may hold: so however many hold on to what they have, because nobody answers them,
    something is left for who comes next. Holders come to rest at equal parts (the dynamic thresholds of switches).
    """

    __slots__ = ("each", "held", "most", "total")

    def __init__(self, each: int, most: int) -> None:
        self.each = each
        self.most = most
        self.held: dict[str, int] = {}
        self.total = 0

    def room(self, who: str) -> bool:
        """Whether there is one more for them."""
        mine = self.held.get(who, 0)
        return mine < self.each and mine * PART < self.most - self.total

    def over(self, who: str) -> bool:
        """Whether they hold more than they would get now, and should not keep what they need no more."""
        return (self.held.get(who, 0) - 1) * PART > self.most - self.total

    def take(self, who: str) -> None:
        """Count one more, whether there is room or not: what is owed is never refused."""
        self.held[who] = self.held.get(who, 0) + 1
        self.total += 1

    def give(self, who: str) -> None:
        left = self.held[who] - 1
        self.total -= 1
        if left:
            self.held[who] = left
        else:
            del self.held[who]
