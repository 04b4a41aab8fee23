"""Which bytes of a file somebody asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from typing import NamedTuple

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Span(NamedTuple):
    """Bytes of a file.

    Args:
        start: the first.
        stop: the one after the last.
    """

    start: int
    stop: int


class Unsatisfiable(Exception):
    """None of the bytes asked for are there."""


def read_range(header: str | None, size: int) -> Span | None:
    """Read a `Range` header.

    Args:
        header: its value; `None` where there is none.
        size: of the file, in bytes.
    Returns: the span asked for, cut to the file; `None` where the whole file is to be sent, also
        in answer to several ranges at once, which may ask for a file many times over.
    Raises: `Unsatisfiable`.
    """
    found = _ONE.fullmatch(header.strip()) if header else None
    if found is None:
        return None
    first, last = found.groups()
    if not first:
        return _suffix(last, size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Span(int(first), min(int(last) + 1, size) if last else size)


def _suffix(length: str, size: int) -> Span | None:
    if not length:
        return None
    if int(length) == 0 or size == 0:
        raise Unsatisfiable
    return Span(max(0, size - int(length)), size)
