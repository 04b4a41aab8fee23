"""What may be sent: whatever else would end the connection, or fill the log with itself."""

from __future__ import annotations

from livetiming.network.connection import CallFailed

MAX_BYTES = 700_000
"""Of text in one message: over its own limit the router drops the whole connection (measured)."""

TOO_LARGE = "wamp.error.payload_size_exceeded"
INVALID_PAYLOAD = "wamp.error.invalid_payload"


def unsendable(*values: object) -> CallFailed | None:
    """Why a message of these must not be sent, if so."""
    try:
        size = _size(values)
    except (TypeError, UnicodeEncodeError, RecursionError) as error:
        return CallFailed(INVALID_PAYLOAD, str(error))
    if size > MAX_BYTES:
        return CallFailed(TOO_LARGE, f"{size} bytes, of at most {MAX_BYTES}")
    return None


def _size(value: object) -> int:
    """The bytes of its text; all that is long in our messages is text."""
    match value:
        case str():
            return len(value.encode())
        case dict():
            return sum(_size(key) + _size(part) for key, part in value.items())
        case list() | tuple():
            return sum(map(_size, value))
        case None | bool() | int() | float():
            return 1
    raise TypeError(f"expected plain values, got {type(value).__name__}")
