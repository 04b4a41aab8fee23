"""Who may know of a log: only what is durable, as soon as it is."""

from __future__ import annotations

from typing import Protocol

from livetiming.events.log import FoldedLog


class Audience(Protocol):
    """Who is told what of a log is durable, and of nothing else."""

    def opened(self, log: FoldedLog) -> None:
        """The log was opened, and all that is in it is durable; it is not to be touched."""

    def durable(self, lines: bytes) -> None:
        """More lines are durable, each with its line feed; or no more than were there when the
        log was opened, and they are all of it.
        """


class Nobody:
    """The audience of a log that is not on the air."""

    def opened(self, log: FoldedLog) -> None: ...

    def durable(self, lines: bytes) -> None: ...
