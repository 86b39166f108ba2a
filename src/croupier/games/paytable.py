"""What a line of symbols and a number of scatters pay."""

from collections.abc import Mapping, Sequence

import msgspec


class LinePay(msgspec.Struct, frozen=True):
    """`count` symbols from the left pay as `symbol`; `win` in units."""

    symbol: str
    count: int
    win: int


class Paytable(msgspec.Struct, frozen=True):
    """Pays in units: `lines` by symbol and count on a line, `scatters` by the count anywhere in the window."""

    lines: Mapping[str, Mapping[int, int]]
    scatters: Mapping[int, int]
    wild: str
    scatter: str

    def line(self, symbols: Sequence[str]) -> LinePay | None:
        """The best pay of one line, left to right; None when it pays nothing.

        The wild stands for every symbol but the scatter. A line that begins with wilds may pay as wilds or as the
        symbol behind them: the higher counts, the longer run when they are equal.
        """
        leading = 0
        while leading < len(symbols) and symbols[leading] == self.wild:
            leading += 1
        best = self._pay(self.wild, leading)
        if leading < len(symbols) and symbols[leading] != self.scatter:
            symbol = symbols[leading]
            count = leading
            while count < len(symbols) and symbols[count] in (symbol, self.wild):
                count += 1
            pay = self._pay(symbol, count)
            if pay is not None and (best is None or pay.win >= best.win):
                best = pay
        return best

    def _pay(self, symbol: str, count: int) -> LinePay | None:
        win = self.lines.get(symbol, {}).get(count, 0)
        return LinePay(symbol, count, win) if win else None
