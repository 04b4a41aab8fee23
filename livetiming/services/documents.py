"""JSON of a provider, which may be anything: read with bounds, or a bad frame."""

from __future__ import annotations

from typing import Any

import msgspec

from livetiming.services.api import BadFrame

MAX_DOCUMENT = 8 * 1024 * 1024
"""Bytes or characters of one document."""
_decode = msgspec.json.Decoder().decode


def read_json(data: str | bytes) -> Any:
    """Read a document.

    Args:
        data: its text, with or without a byte order mark.
    Returns: what it says; no number in it is infinite or none.
    Raises: `BadFrame` where it is too long, too deep, or no JSON.
    """
    if len(data) > MAX_DOCUMENT:
        raise BadFrame("long document", f"{len(data)} of at most {MAX_DOCUMENT}")
    try:
        return _decode(_bare(data))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadFrame("json", f"{error}: {data[:80]!r}") from error


def _bare(data: str | bytes) -> str | bytes:
    return data.removeprefix("\ufeff" if isinstance(data, str) else b"\xef\xbb\xbf")  # type: ignore[arg-type]
