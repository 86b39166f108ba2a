"""The journal's rows as one INSERT, for records that cannot or did not go in by COPY."""

from collections.abc import Sequence

from croupier.store.records import Record

INSERT = """
INSERT INTO journal (seat_id, seq, writer, era, at, format, opening, request_id, payload)
SELECT seat_id, seq, $1, $2, at, format, opening, request_id, payload
FROM unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::smallint[], $7::boolean[], $8::text[], $9::bytea[])
  AS waiting (seat_id, seq, at, format, opening, request_id, payload)
"""


def arguments(records: Sequence[Record], writer: str, era: int) -> tuple[object, ...]:
    """``$1`` to ``$9`` of `INSERT`."""
    return (
        writer,
        era,
        [r.seat_id for r in records],
        [r.seq for r in records],
        [r.at for r in records],
        [r.format for r in records],
        [r.opening for r in records],
        [r.request_id for r in records],
        [r.payload for r in records],
    )
