"""Distributions of sums: polynomials with whole coefficients, multiplied as one big integer each."""

Polynomial = list[int]
"""Coefficients, the constant first; none is negative."""


def add(p: Polynomial, q: Polynomial) -> Polynomial:
    if len(p) < len(q):
        p, q = q, p
    return [*(a + b for a, b in zip(p, q, strict=False)), *p[len(q) :]]


def multiply(p: Polynomial, q: Polynomial, size: int) -> Polynomial:
    """The first `size` coefficients of ``p * q``.

    Each polynomial is written into one integer, a slot for each coefficient that is wide enough for every sum; the
    product of the two integers then holds the product's coefficients slot by slot (Kronecker's substitution).
    """
    p, q = _trim(p), _trim(q)
    if not p or not q:
        return []
    bits = max(p).bit_length() + max(q).bit_length() + min(len(p), len(q)).bit_length()
    width = -(-bits // 8)
    packed = _pack(p, width) * _pack(q, width)
    count = min(size, len(p) + len(q) - 1)
    raw = packed.to_bytes(width * (len(p) + len(q)), "little")
    return [int.from_bytes(raw[i * width : (i + 1) * width], "little") for i in range(count)]


def _pack(p: Polynomial, width: int) -> int:
    return int.from_bytes(b"".join(a.to_bytes(width, "little") for a in p), "little")


def _trim(p: Polynomial) -> Polynomial:
    end = len(p)
    while end and not p[end - 1]:
        end -= 1
    return p[:end]
