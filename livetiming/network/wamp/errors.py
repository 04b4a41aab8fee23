"""Autobahn's failures in our words, at the place where they enter."""

from __future__ import annotations

from autobahn.exception import Disconnected, PayloadExceededError
from autobahn.wamp.exception import ApplicationError, SerializationError, TransportLost
from twisted.internet.defer import CancelledError
from twisted.internet.error import ConnectError
from twisted.python.failure import Failure

from livetiming.network.connection import CallFailed
from livetiming.network.names import NOT_JOINED
from livetiming.network.wamp.sendable import INVALID_PAYLOAD, TOO_LARGE

PROCEDURE_EXISTS = "wamp.error.procedure_already_exists"
RUNTIME_ERROR = "wamp.error.runtime_error"


def call_failed(failure: Failure) -> CallFailed:
    """Why something that was asked of the router failed."""
    error = failure.value
    if isinstance(error, ApplicationError):
        return CallFailed(error.error, " ".join(str(arg) for arg in error.args))
    if isinstance(error, TransportLost | Disconnected):
        return CallFailed(NOT_JOINED, "the connection was lost")
    if isinstance(error, PayloadExceededError):
        return CallFailed(TOO_LARGE, str(error))
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
