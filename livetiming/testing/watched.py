"""A parser under watch: what it raises, how long it takes, how much it takes up."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
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
        _forget_peak()

    def receive(self, frame: Frame) -> Iterator[Update]:
        """See `Parser`."""
        began, before = process_time(), _memory()
        try:
            yield from self._parser.receive(frame)
        except BadFrame:
            raise
        except Exception as error:
            self.faults.append(f"{_shown(frame)} raised {type(error).__name__}: {error}")
            raise
        finally:
            self._check(_shown(frame), process_time() - began, _memory() - before)

    def _check(self, what: str, taken_s: float, taken_kib: int) -> None:
        if taken_s > MAX_S:
            self.faults.append(f"{what} took {taken_s:.1f} s")
        if taken_kib > MAX_KIB:
            self.faults.append(f"{what} took {taken_kib} KiB")

    def picture(self) -> Picture:
        """See `Parser`."""
        began, before = process_time(), _memory()
        try:
            return self._parser.picture()
        except Exception as error:
            self.faults.append(f"picture() raised {type(error).__name__}: {error}")
            raise
        finally:
            self._check("picture()", process_time() - began, _memory() - before)


def _shown(frame: Frame) -> str:
    return f"{frame.data[:200]!r} on channel {frame.channel!r}"


def _forget_peak() -> None:
    """What the process had before does not hide what a frame takes, where the system allows it."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _memory() -> int:
    """The most memory that the process has had, KiB."""
    try:
        with Path("/proc/self/status").open(encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
