"""Answers of wallets that say everything, good and bad, in JSON on status 200."""

from croupier.dialects.retry_after import retry_after_ms
from croupier.dialects.strict_json import Loose, NotStrict, read_decimals
from croupier.domain.exchange import HttpResponse, NoAnswer
from croupier.wallet.outcome import Unknown


def read_ok(answer: HttpResponse | NoAnswer, at: int) -> dict[str, Loose] | Unknown:
    """The members; `at` in microseconds."""
    if isinstance(answer, NoAnswer):
        return Unknown(answer.why, answer.detail)
    if answer.status != 200:
        return Unknown(f"http_{answer.status}", retry_after_ms=retry_after_ms(answer, at))
    try:
        return read_decimals(answer.body)
    except NotStrict as doubted:
        return Unknown("empty" if not answer.body.strip() else doubted.why, doubted.detail)
