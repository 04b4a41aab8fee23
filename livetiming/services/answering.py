"""Answering who asks for a log, in the words of the wire; what cannot be answered is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import BadArgument, LogError, NoLog
from livetiming.network.connection import Refused
from livetiming.network.names import BAD_ARGUMENT, BUSY, UNKNOWN_SESSION
from livetiming.network.wire import Answer, write_answer

_ERRORS = (BadArgument, LogError, OSError)
_log = Logger()


@contextmanager
def refusing() -> Iterator[None]:
    """Refuse what is no question of ours, and what the disk does not give now.

    Raises: `Refused`.
    """
    try:
        yield
    except _ERRORS as error:
        raise _refused(error) from error


def refuse(failure: Failure) -> Failure:
    """Refuse what could not be answered in a thread, as `refusing` does; give all else back.

    Raises: `Refused`.
    """
    error = failure.value
    if isinstance(error, _ERRORS):
        raise _refused(error) from error
    return failure


def _refused(error: BadArgument | LogError | OSError) -> Refused:
    if isinstance(error, BadArgument):
        return Refused(BAD_ARGUMENT, str(error))
    if isinstance(error, NoLog):
        return Refused(UNKNOWN_SESSION, "it is not here any more")
    _log.error("an answer cannot be read: {reason}", reason=str(error))
    return Refused(BUSY, "its log cannot be read now")


def answer_events(args: Sequence[Any], answer: Callable[[int, int], Answer]) -> str:
    """Answer `events(from_seq, limit)`.

    Args:
        args: of the call.
        answer: gives the lines; knows which arguments are good.
    Raises: `Refused`.
    """
    with refusing():
        if len(args) != 2:
            raise BadArgument(f"expected (from_seq, limit), got {len(args)} arguments")
        return write_answer(answer(*args))


class Junk:
    """What others send that cannot be read: dropped, counted, and logged once.

    Args:
        where: it came.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self.dropped = 0

    def drop(self, error: Exception) -> None:
        """Drop a message."""
        self.dropped += 1
        if self.dropped == 1:
            _log.warn("{where}: dropped: {reason}", where=self._where, reason=str(error))
