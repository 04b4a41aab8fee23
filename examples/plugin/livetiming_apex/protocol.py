"""The protocol: messages of lines `key|class|value` in, sessions, crossings and the picture out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from livetiming.events import Clock, Origin, Passed, Picture, Posted
from livetiming.racing import CarState
from livetiming.services import Fact, Frame, SessionSeen, Strange, Update

from livetiming_apex.board import Board
from livetiming_apex.grid import Grid, plain
from livetiming_apex.sessions import Titles

MAX_MS = 24 * 3600 * 1000
_ROW = re.compile(r"r([0-9]{1,12})(?:c([0-9]{1,2}))?")
_PITS = {"*in": CarState.PIT, "*out": CarState.OUT}
_PASSED_OVER = frozenset({"init", "css"})


class Line(NamedTuple):
    """One line of a message."""

    key: str
    style: str
    value: str


class ApexParser:
    """Follows one track over all its sessions.

    A message is read whole: what is unknown in it is told once and the rest is taken.
    """

    def __init__(self) -> None:
        self._strange = Strange()
        self._titles = Titles()
        self._said: SessionSeen | None = None
        self._board = Board(self._strange)

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a message."""
        lines = [_line(text) for text in _text(frame.data).splitlines() if text.strip()]
        yield from self._look_at_titles(lines)
        for line in lines:
            yield from map(Fact, self._read(line, frame.at))
        yield from map(Fact, self._board.settle())
        self._strange.tell()

    def picture(self) -> Picture:
        """The table as the messages made it."""
        return self._board.picture()

    def _look_at_titles(self, lines: list[Line]) -> Iterator[Update]:
        """First of all, as the rest of the message is of the session that they name."""
        self._titles = self._titles.with_(
            {line.key: plain(line.value) for line in lines if line.key in Titles._fields}
        )
        before, seen = self._said, self._titles.describe()
        if seen == before:
            return
        self._said = seen
        yield seen
        if before is not None and before.key is not None and before.key != seen.key:
            self._board = Board(self._strange)

    def _read(self, line: Line, at: int) -> Iterator[Passed | Posted]:
        row = _ROW.fullmatch(line.key)
        if row is not None and row[2] is not None:
            self._board.set(row[1], int(row[2]), line.style, line.value)
        elif row is not None:
            yield from self._read_row(row[1], line)
        elif line.key == "grid":
            self._board.take(Grid(line.value))
        elif line.key == "com":
            yield from _message(line.value)
        elif line.key == "dyn1":
            self._read_clock(line, at)
        elif line.key not in _PASSED_OVER and line.key not in Titles._fields:
            self._strange.meet("key", line.key)

    def _read_row(self, row: str, line: Line) -> Iterator[Passed]:
        if line.style == "#":
            self._board.move(row, line.value)
        elif line.style == "*":
            lap_ms = _ms(line.value)
            if not lap_ms:
                self._strange.meet("lap", line.value)
            else:
                self._board.lap(row, lap_ms * 1000)
        elif line.style in _PITS:
            passed = self._board.pit(row, _PITS[line.style])
            if passed is not None:
                yield passed
        elif not line.style.startswith("*i"):
            self._strange.meet("class of a row", line.style)

    def _read_clock(self, line: Line, at: int) -> None:
        if line.style != "countdown":
            return
        left_ms = _ms(line.value)
        if left_ms is None:
            self._strange.meet("countdown", line.value)
        else:
            self._board.session["remaining"] = Clock(left_ms * 1000, at, left_ms > 0)


def _text(data: str | bytes) -> str:
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else data


def _line(text: str) -> Line:
    key, _, rest = text.strip().partition("|")
    style, _, value = rest.partition("|")
    return Line(key, style, value)


def _ms(value: str) -> int | None:
    """Milliseconds, after which another field may stand."""
    text = value.partition("|")[0]
    is_number = text.isascii() and text.isdecimal() and len(text) <= 9
    return int(text) if is_number and int(text) <= MAX_MS else None


def _message(html: str) -> Iterator[Posted]:
    text = plain(html)
    if text:
        yield Posted(category="Message", text=text, origin=Origin.PROVIDER)
