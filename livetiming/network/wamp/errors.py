"""Autobahn's failures in our words, at the place where they enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autobahn.exception import Disconnected
from autobahn.wamp.exception import ApplicationError, SerializationError, TransportLost
from twisted.internet.defer import CancelledError
from twisted.internet.error import ConnectError
from twisted.python.failure import Failure

from livetiming.network.connection import NOT_JOINED, CallFailed

MAX_BYTES = 700_000
"""Of text in one message: over its own limit the router drops the whole connection (measured)."""

PROCEDURE_EXISTS = "wamp.error.procedure_already_exists"
TOO_LARGE = "wamp.error.payload_size_exceeded"
INVALID_PAYLOAD = "wamp.error.invalid_payload"
RUNTIME_ERROR = "wamp.error.runtime_error"


def call_failed(failure: Failure) -> CallFailed:
    """Why something that was asked of the router failed."""
    error = failure.value
    if isinstance(error, ApplicationError):
        return CallFailed(error.error, " ".join(str(arg) for arg in error.args))
    if isinstance(error, TransportLost | Disconnected):
        return CallFailed(NOT_JOINED, "the connection was lost")
    if isinstance(error, SerializationError):
        return CallFailed(INVALID_PAYLOAD, str(error))
    return CallFailed(RUNTIME_ERROR, f"{type(error).__name__}: {error}")


def why_not_connected(failure: Failure) -> str:
    """Why there is no connection, in words."""
    if isinstance(failure.value, CancelledError):
        return "it was given up"
    if isinstance(failure.value, ConnectError):
        return str(failure.value).removesuffix(".")
    return f"{type(failure.value).__name__}: {failure.value}"


def text_size(value: Any) -> int:
    """The bytes of the text in a message; all that is long in ours is text."""
    match value:
        case str():
            return len(value.encode(errors="replace"))
        case dict():
            return sum(text_size(key) + text_size(part) for key, part in value.items())
        case list() | tuple():
            return sum(map(text_size, value))
    return 1


def too_large(args: Sequence[Any]) -> str | None:
    """Why a message must not be sent, if so."""
    size = text_size(args)
    return f"{size} bytes, of at most {MAX_BYTES}" if size > MAX_BYTES else None
