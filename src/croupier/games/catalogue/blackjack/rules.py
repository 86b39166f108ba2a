"""Blackjack, one player against the dealer, from a fresh six-deck shoe each round.

Draw order: player, dealer's shown card, player, dealer's hole card; then every card as it is turned. Each draw is one
number below the cards left in the shoe, which is what is not on the table: see `cards.Shoe`.

The dealer stands on every 17 and peeks under an ace or a ten-valued card. Any two cards may be doubled for one more
card. Two cards of equal value (also two different tens) may be split once, with no double afterwards; each split ace
gets one card. A hand of 21 stands by itself. `abandon` declines insurance and stands on everything.
"""

import msgspec

from croupier.games import definition
from croupier.games.cards import Shoe
from croupier.games.catalogue.blackjack.table import BET, Table, is_blackjack, total, value
from croupier.games.game import ABANDON, Action, Json, NotAllowedChoice, NotAllowedMode, Play
from croupier.games.published import CatalogueGame
from croupier.games.rng import Rng

PACKAGE = "croupier.games.catalogue.blackjack"


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units; `max_win` is a multiple of the bet."""

    decks: int
    dealer_stands_on_soft: int
    blackjack_returns: int
    insurance_cost: int
    insurance_returns: int
    max_win: int


class BlackjackDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    scale: int
    game: definition.Identity
    rules: Rules


class Blackjack(CatalogueGame):
    """A `Game` of several steps; hit, stand, double, split and insurance are offered with their cost."""

    kind = "blackjack"
    rtp_method = "exact: the basic strategy of strategy.py, every order of cards from a fresh six-deck shoe"

    def __init__(self) -> None:
        tree = definition.parse(definition.read_text(PACKAGE, "game.toml"))
        sources = [definition.read_text(PACKAGE, name) for name in ("rules.py", "table.py")]
        sources.append(definition.read_text("croupier.games", "cards.py"))
        d = msgspec.convert(tree, BlackjackDefinition)
        super().__init__(PACKAGE, d.game, definition.fingerprint(tree, *sources))
        self.table_rules = d.rules
        self.scale = d.scale
        self.modes = {"base": BET}
        self.max_win = d.rules.max_win
        self.rules: Json = msgspec.to_builtins(d.rules)

    def price(self, state: Json, action: Action) -> int:
        if action.choice is not None:
            raise NotAllowedChoice("blackjack takes no choice")
        if state is None:
            if action.name != "bet":
                raise NotAllowedChoice(f"a round begins with bet, not {action.name}")
            if action.mode not in self.modes:
                raise NotAllowedMode(f"there is no bet mode {action.mode}; there is base")
            return BET
        offers = msgspec.convert(state, Table).offers(self.table_rules.insurance_cost)
        if not offers:
            raise NotAllowedChoice("the round is over; a new one begins with bet")
        costs = {offer.action: offer.cost for offer in offers}
        if action.name == ABANDON:
            return 0
        if action.name not in costs:
            raise NotAllowedChoice(f"{action.name} is not possible now; possible: {', '.join(costs)}")
        return costs[action.name]

    def play(self, state: Json, action: Action, rng: Rng) -> Play:
        turn = Turn(self.table_rules, Table([], []) if state is None else msgspec.convert(state, Table), rng)
        win = turn.take(action.name)
        return Play(
            finished=turn.table.phase == "done",
            win=win,
            state=msgspec.to_builtins(turn.table),
            reveals=tuple(turn.reveals),
            offers=turn.table.offers(self.table_rules.insurance_cost),
        )


class Turn:
    """One action on a table: what it draws, shows and, when it ends the round, pays."""

    def __init__(self, rules: Rules, table: Table, rng: Rng) -> None:
        self.rules = rules
        self.table = table
        self.reveals: list[dict[str, Json]] = []
        self._rng = rng
        self._shoe = Shoe(rules.decks, table.cards)

    def take(self, action: str) -> int:
        """Apply the action; the round's win in units, 0 while it goes on."""
        table = self.table
        match action:
            case "bet":
                return self._deal()
            case "insurance" | "no_insurance":
                if action == "insurance":
                    table.insured = True
                    self._show("insurance_taken")
                return self._peek()
            case "abandon":
                win = self._peek() if table.phase == "insurance" else 0
                return self._settle() if table.phase == "player" else win
            case "hit":
                if self._card(table.active) >= 21:
                    return self._next_hand()
                return 0
            case "double":
                table.bets[table.active] += BET
                self._show("doubled", hand=table.active)
                self._card(table.active)
                return self._next_hand()
            case "split":
                return self._split()
            case "stand":
                return self._next_hand()
        raise AssertionError(f"price() let {action} through")

    def _show(self, kind: str, **shown: Json) -> None:
        self.reveals.append({"kind": kind, **shown})

    def _deal(self) -> int:
        first, up, second, hole = (self._shoe.draw(self._rng) for _ in range(4))
        self.table.hands, self.table.dealer = [[first, second]], [up, hole]
        self._show("deal", hands=[[first, second]], dealer=[up])
        if value(up) == 1:
            self.table.phase = "insurance"
            self._show("insurance_offered")
            return 0
        return self._peek() if value(up) == 10 else self._open()

    def _peek(self) -> int:
        """The dealer looks at the hole card; insurance is settled here and nowhere else."""
        found = is_blackjack(self.table.dealer)
        self._show("peek", blackjack=found)
        back = 0
        if self.table.insured:
            back = self.rules.insurance_returns if found else 0
            self._show("insurance_result", win=back)
        return self._settle() + back if found else self._open()

    def _open(self) -> int:
        self.table.phase = "player"
        if self.table.has_blackjack:
            return self._settle()
        self._show("active_hand", hand=0)
        return 0

    def _card(self, hand: int) -> int:
        cards = self.table.hands[hand]
        card = self._shoe.draw(self._rng)
        cards.append(card)
        points, soft = total(cards)
        self._show("card", hand=hand, card=card, total=points, soft=soft)
        return points

    def _split(self) -> int:
        table = self.table
        table.hands = [[card, self._shoe.draw(self._rng)] for card in table.hands[0]]
        table.bets = [BET, BET]
        self._show("split", hands=[list(hand) for hand in table.hands])
        if value(table.hands[0][0]) == 1:
            return self._settle()
        table.active = -1
        return self._next_hand()

    def _next_hand(self) -> int:
        """On to the next hand that is not 21 already; the dealer's turn when there is none."""
        table = self.table
        for hand in range(table.active + 1, len(table.hands)):
            if total(table.hands[hand])[0] < 21:
                table.active = hand
                self._show("active_hand", hand=hand)
                return 0
        return self._settle()

    def _settle(self) -> int:
        """The dealer's turn, then every hand's result. A dealer against whom nobody stands draws nothing."""
        table = self.table
        table.phase = "done"
        dealer = table.dealer
        self._show("dealer_reveal", card=dealer[1], total=total(dealer)[0])
        live = any(total(hand)[0] <= 21 for hand in table.hands) and not table.has_blackjack
        while live and not self._dealer_stands():
            card = self._shoe.draw(self._rng)
            dealer.append(card)
            self._show("dealer_card", card=card, total=total(dealer)[0])
        return sum(self._result(hand) for hand in range(len(table.hands)))

    def _dealer_stands(self) -> bool:
        points, soft = total(self.table.dealer)
        return points >= (self.rules.dealer_stands_on_soft if soft else 17)

    def _result(self, hand: int) -> int:
        table = self.table
        points, bet = total(table.hands[hand])[0], table.bets[hand]
        dealer = total(table.dealer)[0]
        if table.has_blackjack and not is_blackjack(table.dealer):
            result, win = "blackjack", self.rules.blackjack_returns
        elif points > 21:
            result, win = "bust", 0
        elif is_blackjack(table.dealer) and not table.has_blackjack:
            result, win = "lose", 0
        elif dealer > 21 or points > dealer:
            result, win = "win", 2 * bet
        else:
            result, win = ("push", bet) if points == dealer else ("lose", 0)
        self._show("hand_result", hand=hand, result=result, total=points, win=win)
        return win
