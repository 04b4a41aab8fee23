"""Moments of a session as people write them, and where in a log they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from livetiming.errors import BadArgument
from livetiming.events import State
from livetiming.events.log import Instant, LogReader, Moment, Seq
from livetiming.units import parse_duration_us, parse_instant

EXAMPLES = "@1781445600.25, 2026-06-14T16:00:00Z, +90, seq:1500 or lap:12"

_UNIX = re.compile(r"@(\d{1,11})(?:\.(\d{1,9}))?", re.ASCII)
_COUNT = re.compile(r"(seq|lap):(\d{1,15})", re.ASCII)


class When(NamedTuple):
    """A moment as somebody wrote it.

    Args:
        text: what was written.
        find: finds the moment in a log.
    """

    text: str
    find: Callable[[LogReader[Any]], Moment]


def parse(text: str) -> When:
    """Read a moment.

    Args:
        text: `@unix[.fff]`, ISO 8601 (UTC where it names no zone), `+seconds` from the first event
            (or `+H:MM:SS`), `seq:N`, or `lap:N`: the leader has N laps.
    Raises: `BadArgument` with examples.
    """
    for read in (_unix, _count, _since_start, _instant):
        find = read(text)
        if find is not None:
            return When(text, find)
    raise BadArgument(f"{text!r} is no time; write for example {EXAMPLES}")


Find = Callable[[LogReader[Any]], Moment]


def _unix(text: str) -> Find | None:
    match = _UNIX.fullmatch(text)
    if match is None:
        return None
    milli = int((match[2] or "0")[:3].ljust(3, "0"))
    return _always(Instant(int(match[1]) * 1000 + milli))


def _instant(text: str) -> Find | None:
    at = parse_instant(text)
    return None if at is None else _always(Instant(at))


def _always(moment: Moment) -> Find:
    return lambda _: moment


def _since_start(text: str) -> Find | None:
    after_us = parse_duration_us(text[1:]) if text.startswith("+") else None
    if after_us is None:
        return None
    after = after_us // 1000
    return lambda reader: Instant(first_at(reader) + after)


def _count(text: str) -> Find | None:
    match = _COUNT.fullmatch(text)
    if match is None:
        return None
    number = int(match[2])
    return _always(Seq(number)) if match[1] == "seq" else lambda reader: _lap(reader, number)


def first_at(reader: LogReader[Any]) -> int:
    """The instant of a log's first event, epoch ms."""
    return reader.at(Seq(reader.start().seq + 1)).at


def _lap(reader: LogReader, lap: int) -> Seq:
    folded, most = reader.start(), 0
    for _, event in reader.events(folded):
        most = max(most, leader_laps(folded.state))
        if most >= lap:
            return Seq(event.seq)
    at_most = f"{most} laps here at most, as in lap:{most}" if most else "no laps here"
    raise BadArgument(f"lap:{lap}: the leader has {at_most}")


def leader_laps(state: State) -> int:
    """How many laps the leader has: as the session says, or the first car; 0 where neither does."""
    first = state.cars[state.order[0]].get("laps") if state.order else None
    cell = first[0] if isinstance(first, tuple) else first
    said = (state.session.get("laps"), cell)
    return max((number for number in said if isinstance(number, int)), default=0)
