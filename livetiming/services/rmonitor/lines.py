"""Lines to records: the one place that knows the fields of the protocol by their number."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import lru_cache

from livetiming.racing import Flag
from livetiming.services import BadFrame
from livetiming.services.rmonitor.dates import read_day
from livetiming.services.rmonitor.records import (
    ClassName,
    Correction,
    Crossing,
    Entry,
    Heartbeat,
    Init,
    LapSpeed,
    Passing,
    Place,
    PracticePlace,
    RacePlace,
    Record,
    Run,
    Setting,
)
from livetiming.units import HOUR_US, parse_duration_us

NOT_LAP_LIMITED = 9999
MAX_COUNT = 10**9

_NONE_2009_US = HOUR_US - 1_000
"""`00:59:59.999`: how the feeds of 2009 write "no time" where others write zero."""
_NO_RACE_TIME_US = HOUR_US - 1_000_000
_NEGATIVE = re.compile(r"[\d:]*-[\d:.]+", re.ASCII)
_COMMAND = re.compile(r"\$[A-Z]{1,8}")


class UnknownCommand(BadFrame):
    """A command that no description of the protocol has: harmless, worth telling once."""


def decoded(data: str | bytes) -> str:
    """The text of a frame, without its line end: UTF-8, else what Windows writes in the west."""
    text = data if isinstance(data, str) else _decoded(data)
    return text.lstrip("\ufeff").strip()


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


@lru_cache(maxsize=1)
def read(line: str) -> Record | None:
    """Read a line, without its line end.

    The last one is remembered: the heartbeats of a capture without times are read for its clock,
    and then as part of the feed.

    Returns: the record; `None` for a blank line.
    Raises: `UnknownCommand`, or `BadFrame` for a line that is cut or has a wrong field.
    """
    fields = _fields(line)
    if not fields:
        return None
    reader = _READERS.get(fields[0])
    if reader is None:
        raise _strange(fields[0])
    try:
        return reader(fields)
    except IndexError:
        raise BadFrame(f"fields of {fields[0]}", f"too few in {line[:80]!r}") from None
    except ValueError as error:
        raise BadFrame(f"value in {fields[0]}", f"{error}; in {line[:80]!r}") from None


def _fields(line: str) -> list[str]:
    if line.count('"') & 1:
        raise BadFrame("cut line", f"a quote is not closed in {line[:80]!r}")
    try:
        return next(csv.reader((line,), skipinitialspace=True), [])
    except csv.Error as error:
        raise BadFrame("quoting", f"{error}; in {line[:80]!r}") from None


def _strange(command: str) -> BadFrame:
    if _COMMAND.fullmatch(command):
        return UnknownCommand(f"command {command}", "not in the protocol")
    return BadFrame("no record", f"expected $ and a command, got {command[:80]!r}")


def _count(text: str) -> int | None:
    if not text:
        return None
    value = int(text) if len(text) <= 12 else MAX_COUNT + 1
    if abs(value) > MAX_COUNT:
        raise ValueError(f"{text[:20]} is too much")
    return value


def _time(text: str) -> int | None:
    """A duration, `None` where it is blank, zero or a way to say "none"."""
    value_us = parse_duration_us(text) if text else 0
    if value_us is None:
        raise ValueError(f"{text[:20]!r} is no time")
    return value_us or None


def _lap_time(text: str, lap: int | None) -> int | None:
    value_us = _time(text)
    return None if value_us == _NONE_2009_US and not lap else value_us


def _clock(text: str) -> int | None:
    """A clock, where zero is a value; `None` where it is blank or counts to the start."""
    if not text or _NEGATIVE.fullmatch(text):
        return None
    return _time(text) or 0


def _key(text: str) -> str:
    key = text.strip()
    if not key:
        raise ValueError("the reg no is empty")
    return key


_FLAGS = {
    "": Flag.NONE,
    "green": Flag.GREEN,
    "yellow": Flag.YELLOW,
    "red": Flag.RED,
    "finish": Flag.CHEQUERED,
    "white": Flag.WHITE,
}


def _heartbeat(fields: list[str]) -> Heartbeat:
    word = fields[5]
    laps_to_go = _count(fields[1])
    flag = _FLAGS.get(word.strip().lower())
    race_us = _clock(fields[4])
    return Heartbeat(
        None if laps_to_go == NOT_LAP_LIMITED else laps_to_go,
        _clock(fields[2]),
        _clock(fields[3]),
        None if race_us == _NO_RACE_TIME_US and flag is Flag.NONE else race_us,
        flag,
        word,
    )


def _competitor(fields: list[str]) -> Entry:
    return Entry(
        _key(fields[1]), fields[2].strip(), fields[7].strip(), fields[4], fields[5], fields[6], None
    )


def _additional(fields: list[str]) -> Entry:
    return Entry(
        _key(fields[1]),
        fields[2].strip(),
        fields[3].strip(),
        fields[4],
        fields[5],
        fields[6],
        fields[7],
    )


def _run(fields: list[str]) -> Run:
    return Run(fields[1].strip(), fields[2].strip())


def _class_name(fields: list[str]) -> ClassName:
    return ClassName(fields[1].strip(), fields[2].strip())


def _setting(fields: list[str]) -> Setting:
    return Setting(fields[1].strip().upper(), fields[2].strip())


def _track(fields: list[str]) -> Setting:
    return Setting("TRACKNAME", fields[1].strip())


def _race_place(fields: list[str]) -> RacePlace:
    laps = _count(fields[3])
    started = laps is None or laps >= 0
    return RacePlace(
        _key(fields[2]),
        _count(fields[1]),
        laps if started else None,
        _lap_time(fields[4], laps),
        started,
    )


def _practice_place(fields: list[str]) -> PracticePlace:
    best = _lap_time(fields[4], _count(fields[3]))
    return PracticePlace(_key(fields[2]), _count(fields[1]), best)


def _init(fields: list[str]) -> Init:
    day = fields[2]
    return Init(not any(digit in day for digit in "123456789"), read_day(day), _clock(fields[1]))


def _passing(fields: list[str]) -> Passing:
    return Passing(_key(fields[1]), _time(fields[2]), _time(fields[3]))


def _correction(fields: list[str]) -> Correction:
    laps = _count(fields[3])
    total_us = _lap_time(fields[4], laps)
    return Correction(_key(fields[1]), None if laps is None else max(0, laps), total_us)


_PLACES: dict[str, Place] = {place.value: place for place in Place}


def _crossing(fields: list[str]) -> Crossing:
    return Crossing(_key(fields[1]), _PLACES.get(fields[3].strip()), _clock(fields[5]))


def _speed(fields: list[str]) -> LapSpeed:
    speed = _count(fields[5])
    return LapSpeed(
        _key(fields[2]), fields[0] == "$SP", _time(fields[4]), speed / 1000 if speed else None
    )


_READERS: dict[str, Callable[[list[str]], Record]] = {
    "$F": _heartbeat,
    "$A": _competitor,
    "$COMP": _additional,
    "$B": _run,
    "$C": _class_name,
    "$E": _setting,
    "$G": _race_place,
    "$H": _practice_place,
    "$I": _init,
    "$J": _passing,
    "$COR": _correction,
    "$L": _crossing,
    "$T": _track,
    "$SP": _speed,
    "$SR": _speed,
}
