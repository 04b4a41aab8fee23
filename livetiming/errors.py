"""The errors of the aggregator; each class says what its reader should do."""

from __future__ import annotations

from pathlib import Path


class LivetimingError(Exception):
    """Something foreseen went wrong: its message is one sentence for the user."""


class BadValue(LivetimingError):
    """A value may not enter a log: mend the provider's parser, which made it."""


class BadLine(LivetimingError):
    """A line is not an event: the log it came from is damaged, or not a log.

    Args:
        what: which field, what was expected, what came.
    """


class BadState(LivetimingError):
    """An event does not fit the state before it: the log is damaged from there on."""


class BadCapture(LivetimingError):
    """A file is no capture of this provider: check the file and the class."""


class BadArgument(LivetimingError):
    """The user asked for something that does not exist: read the message, ask again."""


class BadSetting(LivetimingError):
    """A setting is missing or wrong: mend the variable it names."""


class MissingExtra(LivetimingError):
    """A part of the program that is installed on request is not there: install it."""


class LogError(LivetimingError):
    """A log cannot be used as it is; the message names the file.

    Args:
        path: the file that the trouble is in.
        what: what was expected, what came, what to do.
    """

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path
        self.what = what


class NoLog(LogError):
    """There is no log under this name: check the path."""


class LogDamaged(LogError):
    """A log was changed after it was written: restore it from another copy.

    Args:
        path: the damaged file.
        what: what is wrong there.
        offset: the byte of the file where it was found.
        frame: the number of the zstd frame, from 0; `None` in a plain tail.
        seq: the last event known to be good.
    """

    def __init__(
        self, path: Path, what: str, *, offset: int, frame: int | None = None, seq: int = 0
    ) -> None:
        super().__init__(path, f"damaged at byte {offset}: {what}")
        self.problem = what
        self.offset = offset
        self.frame = frame
        self.seq = seq


class LogLocked(LogError):
    """Another process writes this log: stop that one first."""


class LogFailed(LogError):
    """The disk refused a write or a sync: the log is as it was at the last sync; open it again."""


class FeedError(LivetimingError):
    """The provider cannot be reached or hung up: the host tries again."""
