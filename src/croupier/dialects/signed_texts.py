"""Where each dialect has its signatures, and what they are made of. What is not here signs nothing that we show."""

from collections.abc import Callable

from croupier.dialects import forms
from croupier.dialects.hub88.signature import HEADER as HUB88_HEADER
from croupier.dialects.mascot import signature as mascot
from croupier.dialects.pragmatic import signature as pragmatic
from croupier.dialects.slotegrator import signature as slotegrator
from croupier.dialects.softswiss import signature as softswiss
from croupier.domain.exchange import HttpRequest, HttpResponse
from croupier.domain.parties import Operator
from croupier.wallet import signature as native
from croupier.wallet.signed_text import SignedText

Message = HttpRequest | HttpResponse


def signed_text(message: Message, operator: Operator) -> SignedText | None:
    """Of a message between us and this operator; None where nothing is signed, or the headers are not there."""
    reader = READERS.get(operator.dialect)
    return reader(message, operator) if reader is not None else None


def _native(message: Message, _: Operator) -> SignedText | None:
    message_id, timestamp = message.last_header(native.ID), message.last_header(native.TIMESTAMP)
    given = message.last_header(native.SIGNATURE)
    if message_id is None or timestamp is None or given is None:
        return None
    return SignedText(
        header=native.SIGNATURE,
        given=given,
        body=message.body,
        prefix=f"{message_id}.{timestamp}.".encode(),
        words="id.timestamp.",
        others=(
            ("timestamp.", f"{timestamp}.".encode()),
            ("timestamp", timestamp.encode()),
            ("timestamp:", f"{timestamp}:".encode()),
            ("id.timestamp", f"{message_id}.{timestamp}".encode()),
            ("", b""),
        ),
        key="decoded from base64",
    )


def _mascot(message: Message, _: Operator) -> SignedText | None:
    given, nonce, timestamp = (
        (message.last_header(name) or "").rpartition(",")[2].strip()
        for name in (mascot.SIGNATURE, mascot.NONCE, mascot.TIMESTAMP)
    )
    numbers = [
        int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else -1 for text in (nonce, timestamp)
    ]
    if not given or not 0 <= numbers[0] < 1 << 64 or not 0 <= numbers[1] < 1 << 32:
        return None
    return SignedText(
        header=mascot.SIGNATURE,
        given=given,
        body=message.body,
        prefix=numbers[0].to_bytes(8, "big") + numbers[1].to_bytes(4, "big"),
        words="nonce (8 bytes) and timestamp (4 bytes)",
        others=(
            ("nonce and timestamp as text", f"{nonce}{timestamp}".encode()),
            ("timestamp (4 bytes)", numbers[1].to_bytes(4, "big")),
            ("nonce and timestamp in the other byte order",
             numbers[0].to_bytes(8, "little") + numbers[1].to_bytes(4, "little")),
            ("", b""),
        ),
        encoding="hex",
    )  # fmt: skip


def _slotegrator(message: Message, _: Operator) -> SignedText | None:
    named = [(name, message.last_header(name) or "") for name in
             (slotegrator.MERCHANT, slotegrator.TIMESTAMP, slotegrator.NONCE)]  # fmt: skip
    given = message.last_header(slotegrator.SIGN)
    if given is None or not all(value for _, value in named) or not isinstance(message, HttpRequest):
        return None
    raw: bytes | str = message.body or message.url.partition("?")[2]
    try:
        text = slotegrator.string_to_sign([*forms.read(raw), *named])
    except forms.NotAForm:
        return None
    return SignedText(
        header=slotegrator.SIGN,
        given=given,
        body=text.encode("utf-8", "surrogatepass"),
        of="parameters and headers, sorted by name",
        digest="sha1",
        encoding="hex",
    )


def _hub88(message: Message, operator: Operator) -> SignedText | None:
    header = operator.settings.get("signature_header", HUB88_HEADER)
    given = message.last_header(header)
    if given is None:
        return None
    return SignedText(
        header=header,
        given=given,
        body=message.body,
        key="",
        public_keys=operator.settings.get("public_key", ""),
    )


def _softswiss(message: Message, _: Operator) -> SignedText | None:
    given = message.last_header(softswiss.HEADER)
    return SignedText(header=softswiss.HEADER, given=given, body=message.body, encoding="hex") if given else None


def _pragmatic(message: Message, _: Operator) -> SignedText | None:
    if not isinstance(message, HttpRequest):
        return None
    form = (message.last_header("content-type") or forms.TYPE).lower().startswith(forms.TYPE)
    try:
        pairs = forms.read(message.body if message.body and form else message.url.partition("?")[2])
    except forms.NotAForm:
        return None
    given = dict(pairs).get(pragmatic.FIELD)
    if not given:
        return None
    return SignedText(
        header=pragmatic.FIELD,
        given=given,
        body=pragmatic.string_to_sign(pairs).encode("utf-8", "surrogatepass"),
        of="fields that are not empty, sorted by name",
        digest="md5",
        construction="hash of text and key",
        encoding="hex",
    )


READERS: dict[str, Callable[[Message, Operator], SignedText | None]] = {
    "native": _native,
    "mascot": _mascot,
    "slotegrator": _slotegrator,
    "pragmatic": _pragmatic,
    "hub88": _hub88,
    "softswiss-v1": _softswiss,
    "softswiss-v2": _softswiss,
}
