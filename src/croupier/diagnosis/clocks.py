"""The operator's clock, by what many answers say of the time: a finding about the operator, not about one exchange."""

from croupier.diagnosis.finding import SURE, Finding
from croupier.wallet.clocks import ALARM_MS, ClockOffset


def of_clock(measured: ClockOffset) -> Finding | None:
    """None while the clock is within what the rules allow."""
    if not measured.wrong:
        return None
    word = "ahead" if measured.median_ms > 0 else "behind"
    seconds = round(abs(measured.median_ms) / 1000)
    detail = (
        f"By the latest {measured.samples} answers your server's clock is {seconds} s {word};"
        f" {ALARM_MS // 1000} s are allowed."
    )
    return Finding("CRP-SIG-008", SURE, detail)
