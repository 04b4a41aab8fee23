"""The instants that stand in stored lines and states, found without reading all of them."""

from __future__ import annotations

import re

from livetiming.units import parse_instant

LEAP_MS = 12 * 3600 * 1000
"""A step of this size is believed when a second line says the same; else it is damage."""
_TAIL = 48
_STAMP = re.compile(r"""["'](\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d)?)["']\W*$""", re.ASCII)
_BEAT = re.compile(r'"Heartbeat"\s*:\s*\{[^{}]{0,200}?"Utc"\s*:\s*"([^"]{1,40})"', re.ASCII)
_UTC = re.compile(r'"Utc"\s*:\s*"([^"]{1,40})"', re.ASCII)


class Steps:
    """The time of a file as its lines tell it: it does not leap for one damaged line."""

    def __init__(self) -> None:
        self.at: int | None = None
        """Epoch ms, or ms since the recording began; `None` before the first line with a time."""
        self._doubted: int | None = None

    def take(self, at: int | None) -> int | None:
        """Take the time that a line has, if it has one.

        Returns: the time that holds.
        """
        if at is None:
            return self.at
        if self.at is None or abs(at - self.at) < LEAP_MS or self._is_confirmed(at):
            self.at, self._doubted = at, None
        else:
            self._doubted = at
        return self.at

    def _is_confirmed(self, at: int) -> bool:
        return self._doubted is not None and abs(at - self._doubted) < LEAP_MS


def line_stamp(line: str) -> int | None:
    """When a stored line was sent, epoch ms: what stands at its end.

    Returns: `None` where nothing of the kind does.
    """
    found = _STAMP.search(line, max(0, len(line) - _TAIL))
    return found and _instant(found[1])


def state_instant(text: str) -> int:
    """When a stored state was: its heartbeat, else the first instant in it, else the epoch."""
    found = _BEAT.search(text) or _UTC.search(text)
    return (found and _instant(found[1])) or 0


def utc_in(text: str) -> int | None:
    """The last `Utc` in a message, epoch ms."""
    found = _UTC.findall(text)
    return _instant(found[-1]) if found else None


def _instant(text: str) -> int | None:
    at = parse_instant(text)
    return at if at is not None and at > 0 else None
