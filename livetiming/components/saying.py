"""What a child says, line by line, and how it ended."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable

from twisted.internet.error import ProcessTerminated
from twisted.internet.protocol import ProcessProtocol
from twisted.python.failure import Failure

_LONGEST = 4_000
"""Bytes of one line that are kept."""
_HEAD = re.compile(r"^\S+ \[\w+ +\d+\]")
"""Crossbar's own instant, process and number before each line; ours stands there already."""
_SIGNATURE = re.compile(r"\(expected .*")
"""Crossbar writes the signature that would have been right: with it, a secret could be guessed."""


class Saying(ProcessProtocol):
    """Hands on the lines of both outputs of a child.

    Args:
        said: takes each line, without its end.
        died: takes how it ended.
    """

    def __init__(self, said: Callable[[str], None], died: Callable[[str], None]) -> None:
        self._said = said
        self._died = died
        self._rests = {1: b"", 2: b""}

    def childDataReceived(self, childFD: int, data: bytes) -> None:  # noqa: N802, N803 - Twisted's
        *lines, rest = (self._rests[childFD] + data).split(b"\n")
        self._rests[childFD] = rest[:_LONGEST]
        for line in lines:
            self._say(line)

    def processEnded(self, reason: Failure) -> None:  # noqa: N802 - Twisted's word
        for rest in self._rests.values():
            self._say(rest)
        self._died(_how(reason.value))

    def _say(self, line: bytes) -> None:
        text = _HEAD.sub("", line[:_LONGEST].decode(errors="replace")).strip()
        if text:
            self._said(_SIGNATURE.sub("(…)", text))


def _how(end: BaseException | None) -> str:
    number = end.signal if isinstance(end, ProcessTerminated) else None
    if number is not None:
        return f"was killed by {signal.Signals(number).name}"
    return f"ended with exit code {getattr(end, 'exitCode', 0) or 0}"
