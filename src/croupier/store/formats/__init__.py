"""How events become bytes. A number says how each record was written; every number ever used decodes for ever."""

import msgspec

from croupier.rounds.events import Event, SeatCarried

CURRENT = 1


class UnknownFormat(Exception):
    """Written by a newer release: this seat is refused until the upgrade, nothing else."""


# Format 1: MessagePack of a list of events; each an array that begins with its name.
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Event])


def encode(events: list[Event]) -> bytes:
    return _encoder.encode(events)


def decode(number: int, payload: bytes) -> list[Event]:
    """UnknownFormat for a number this release does not know; msgspec.DecodeError for damaged bytes."""
    if number != CURRENT:
        raise UnknownFormat(f"format {number}; this release knows up to {CURRENT}")
    try:
        return _decoder.decode(payload)
    except UnicodeDecodeError as error:  # of a text within, which msgspec leaves as it is
        raise msgspec.DecodeError(str(error)) from None


def from_carry(events: list[Event]) -> list[Event]:
    """The events of an opening record from its carry-over on: those before it belong to the round before."""
    return events[_carry_at(events) or 0 :]


def before_carry(events: list[Event]) -> list[Event]:
    """The events of an opening record that still belong to the round before."""
    return events[: _carry_at(events) or 0]


def _carry_at(events: list[Event]) -> int | None:
    return next((i for i, event in enumerate(events) if isinstance(event, SeatCarried)), None)
