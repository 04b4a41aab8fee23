"""An archive: one file a topic, each line with the time since the recording began."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from livetiming.services import CaptureHints, Frame
from livetiming.services.f1.files import File, Form, document
from livetiming.services.f1.stamps import Steps, utc_in
from livetiming.services.f1.topics import READ
from livetiming.units import parse_duration_us, parse_instant

FIRST_DAY = datetime(2000, 1, 1).date()  # noqa: DTZ001 - a day of no zone
"""Where neither the archive nor the user knows the date."""

_TELLS_UTC = ("Heartbeat", "ExtrapolatedClock", "SessionData", "RaceControlMessages")
"""Topics whose messages name the instant they are of, the best first."""
_LOOKED_AT = 200
_OFFSET = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d{3})\s*", re.ASCII)
_RANKS = {topic: rank for rank, topic in enumerate(READ)}


class _Line(NamedTuple):
    """A line of an archive, in the order that lines are merged by."""

    offset: int
    rank: int
    topic: str
    text: str


class Archive:
    """The files of one archive.

    Args:
        files: each of one topic.
        hints: the day and the zone, where the archive knows none.
    """

    def __init__(self, files: list[File], hints: CaptureHints) -> None:
        self._streams = [file for file in files if file.form is Form.TOPIC]
        told = {file.topic for file in self._streams}
        self._documents = [
            file
            for file in files
            if file.form is Form.DOCUMENT and not (told and _is_key_frame(file, told))
        ]
        self.start_at = self._start(hints)
        """When its recording began, epoch ms."""

    def frames(self) -> Iterator[Frame]:
        """All messages in the order of their times, topic by topic where they are equal."""
        sources = [*map(_stream, self._streams), *map(self._of_document, self._documents)]
        for line in merge(*sources):
            yield Frame(self.start_at + line.offset, line.topic, line.text)

    def _of_document(self, file: File) -> Iterator[_Line]:
        """A list without times, whose elements name their own; anything else is of the start."""
        text, rank = file.text(), _rank(file.topic)
        messages = (document(text) or {}).get("Messages")
        if not isinstance(messages, list):
            yield _Line(0, rank, file.topic, text)
            return
        offset = 0
        for number, message in enumerate(messages):
            at = _utc(message)
            offset = offset if at is None else max(offset, at - self.start_at)
            part = msgspec.json.encode({"Messages": {str(number): message}})
            yield _Line(offset, rank, file.topic, part.decode())

    def _start(self, hints: CaptureHints) -> int:
        by_topic = {file.topic: file for file in self._streams}
        for topic in _TELLS_UTC:
            if topic in by_topic and (start := _start_by_utc(by_topic[topic])) is not None:
                return start
        if (start := self._start_by_plan(by_topic)) is not None:
            return start
        day = hints.date or FIRST_DAY
        midnight = datetime(day.year, day.month, day.day, tzinfo=hints.timezone)
        return _epoch_ms(midnight)

    def _start_by_plan(self, by_topic: dict[str, File]) -> int | None:
        """A session starts when it was meant to, in local time of a known distance from UTC."""
        for file in [*self._streams, *self._documents]:
            if file.topic == "SessionInfo":
                planned = _planned_start(next(iter(file.lines()), ""))
                started = _first_started(by_topic.get("SessionStatus"))
                return None if planned is None else planned - started
        return None


def _is_key_frame(file: File, told: set[str]) -> bool:
    """How a topic stood at the end of the recording, which is no part of it."""
    return file.topic in told or file.path.suffix.lower() == ".json"


def _stream(file: File) -> Iterator[_Line]:
    """The lines of a topic; one that has lost its time has that of the line before."""
    rank, last, steps = _rank(file.topic), 0, Steps()
    for line in file.lines():
        last = max(last, steps.take(_offset(line)) or 0)
        yield _Line(last, rank, file.topic, _OFFSET.sub("", line, count=1))


def _rank(topic: str) -> int:
    return _RANKS.get(topic, len(_RANKS))


def _offset(line: str) -> int | None:
    found = _OFFSET.match(line)
    if found is None:
        return None
    hours, minutes, seconds, ms = map(int, found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def _start_by_utc(file: File) -> int | None:
    """The latest that any line allows: each was sent after the instant that it names."""
    starts = [
        at - offset
        for line in islice(file.lines(), _LOOKED_AT)
        if (offset := _offset(line)) is not None and (at := utc_in(line)) is not None
    ]
    return max(starts, default=None)


def _planned_start(line: str) -> int | None:
    said: dict[str, Any] = document(_OFFSET.sub("", line, count=1)) or {}
    start, distance = said.get("StartDate"), said.get("GmtOffset")
    if not isinstance(start, str) or not isinstance(distance, str):
        return None
    local = parse_instant(start)
    distance_us = parse_duration_us(distance.removeprefix("-"))
    if local is None or distance_us is None:
        return None
    sign = -1 if distance.startswith("-") else 1
    return max(0, local - sign * distance_us // 1000)


def _first_started(file: File | None) -> int:
    if file is None:
        return 0
    starts = (_offset(line) for line in file.lines() if '"Started"' in line)
    return next((offset for offset in starts if offset is not None), 0)


def _utc(message: object) -> int | None:
    utc = message.get("Utc") if isinstance(message, dict) else None
    return parse_instant(utc) if isinstance(utc, str) else None


def _epoch_ms(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))
