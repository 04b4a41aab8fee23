"""A parser under watch: what it raises, how long it takes, how much it takes up."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from time import process_time

from livetiming.events import Picture
from livetiming.services.api import BadFrame, Frame, Parser, Update

MAX_S = 1.0
"""So long at most a parser may take for one frame, whatever is in it."""
MAX_KIB = 64 * 1024
"""So much at most a process may grow by for one frame."""


class Watched:
    """See `Parser`.

    Args:
        parser: that is watched.
    """

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self.faults: list[str] = []
        """What no parser may do, in words."""

    def receive(self, frame: Frame) -> Iterator[Update]:
        """See `Parser`."""
        began, before = process_time(), _memory()
        try:
            yield from self._parser.receive(frame)
        except BadFrame:
            raise
        except Exception as error:
            self._fault(f"raised {type(error).__name__}: {error}", frame)
            raise
        finally:
            self._check(frame, process_time() - began, _memory() - before)

    def _check(self, frame: Frame, taken_s: float, taken_kib: int) -> None:
        if taken_s > MAX_S:
            self._fault(f"took {taken_s:.1f} s", frame)
        if taken_kib > MAX_KIB:
            self._fault(f"took {taken_kib} KiB", frame)

    def _fault(self, what: str, frame: Frame) -> None:
        self.faults.append(f"{what} by {frame.data[:200]!r} on channel {frame.channel!r}")

    def picture(self) -> Picture:
        """See `Parser`."""
        try:
            return self._parser.picture()
        except Exception as error:
            self.faults.append(f"picture() raised {type(error).__name__}: {error}")
            raise


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
