"""Lines to records: the one place that knows the fields of the protocol by their number."""

from __future__ import annotations

import re
from collections.abc import Callable

from livetiming.racing import Flag, Kind
from livetiming.services import BadFrame
from livetiming.services.multiloop.records import (
    Announcement,
    Crossing,
    Driver,
    Entry,
    Flagged,
    Heartbeat,
    Invalidated,
    Leader,
    Line,
    Part,
    Record,
    Result,
    Run,
    Section,
    Sort,
    Track,
    Version,
    Zone,
)

MAX_LINE = 64 * 1024
SEPARATOR = "\xa6"
MAX_SECTIONS = 100

_HEX = re.compile(r"[0-9A-Fa-f]{1,12}", re.ASCII)
_COMMAND = re.compile(r"[A-Z]|USAC:[A-Z]{1,16}", re.ASCII)
_ZONE = re.compile(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)
_SORTS = {sort.value: sort for sort in Sort}
_FLAGS = {
    "G": Flag.GREEN,
    "Y": Flag.YELLOW,
    "R": Flag.RED,
    "W": Flag.WHITE,
    "K": Flag.CHEQUERED,
    "U": Flag.NONE,
    "C": Flag.NONE,
}
"""`U` is unflagged, `C` cold."""
_KINDS = {"P": Kind.PRACTICE, "Q": Kind.QUALIFYING, "S": Kind.QUALIFYING, "R": Kind.RACE}
"""`S` is qualifying of one car after the other."""


class UnknownCommand(BadFrame):
    """A command that no description has: harmless, worth telling once."""


def decoded(data: str | bytes) -> str:
    """The text of a frame: its separator is 0xA6 alone, or that character in UTF-8."""
    if isinstance(data, bytes):
        is_utf8 = SEPARATOR.encode() in data
        data = data.decode("utf-8" if is_utf8 else "latin-1", errors="replace")
    return data.lstrip("\ufeff").strip("\r\n\x00 ")


def read(text: str) -> Line | None:
    """Read a line.

    Returns: the record with its header; `None` for a blank line.
    Raises: `UnknownCommand`, or `BadFrame` for a line that is cut or has a wrong field.
    """
    if not text:
        return None
    fields = text.split(SEPARATOR)
    command = fields[0][1:]
    reader = _READERS.get(command)
    if reader is None or fields[0][0].isalnum():
        raise _strange(fields[0])
    sort, preamble, rest = _header(fields)
    try:
        return Line(sort, preamble, reader(rest))
    except IndexError:
        raise BadFrame(f"fields of {command}", f"too few in {text[:80]!r}") from None
    except ValueError as error:
        raise BadFrame(f"value in {command}", f"{error}; in {text[:80]!r}") from None


def _header(fields: list[str]) -> tuple[Sort, str, list[str]]:
    """USAC does not say whether what it adds has the header of all others: both are read."""
    sort = _SORTS.get(fields[1]) if len(fields) > 3 else None
    if sort is not None:
        return sort, fields[3].strip(), fields[4:]
    if fields[0][1:].startswith("USAC:"):
        return Sort.NEW, "", fields[1:]
    raise BadFrame("header", f"expected N, R or U, a number and a preamble, got {fields[1:4]}")


def _strange(word: str) -> BadFrame:
    if _COMMAND.fullmatch(word[1:]) and not word[0].isalnum():
        return UnknownCommand(f"command {word[1:]}", "not in the protocol")
    return BadFrame("no record", f"expected $ and a command, got {word[:80]!r}")


def _number(text: str) -> int:
    """Numbers are hexadecimal; a blank one is zero."""
    text = text.strip()
    if text and not _HEX.fullmatch(text):
        raise ValueError(f"{text[:20]!r} is no hexadecimal number")
    return int(text or "0", 16)


def _us(text: str) -> int:
    """Durations are hexadecimal milliseconds."""
    return _number(text) * 1000


def _instant(text: str) -> int:
    """Instants are hexadecimal seconds since 1970."""
    return _number(text) * 1000


def _key(text: str) -> str:
    """An identifier, the same however many zeros it is written with; empty where it is blank."""
    text = text.strip().upper()
    return text.lstrip("0") or text[:1]


def _flag(text: str) -> tuple[Flag | None, str]:
    return _FLAGS.get(text.strip()), text.strip()


def _car(text: str) -> str:
    if not (number := text.strip()):
        raise ValueError("a car without number")
    return number


def _heartbeat(fields: list[str]) -> Heartbeat:
    return Heartbeat(
        *_flag(fields[0]),
        _instant(fields[1]),
        _us(fields[2]),
        _number(fields[3]),
        _us(fields[4]),
    )


def _result(fields: list[str]) -> Result:
    """The fields after the gaps are younger, and may be absent."""
    more = fields[13:] + [""] * 8
    return Result(
        number=_car(fields[1]),
        entry=_key(fields[2]),
        rank=_number(more[0]) or _number(fields[0]) or None,
        laps=_number(fields[3]),
        total_us=_us(fields[4]) or None,
        last_us=_us(fields[5]) or None,
        in_pit=fields[6].strip() == "P",
        best_us=_us(fields[7]) or None,
        gap_us=_us(fields[9]),
        gap_laps=_number(fields[10]),
        int_us=_us(fields[11]),
        int_laps=_number(fields[12]),
        status=more[2].strip(),
        pits=_number(more[4]) if more[4].strip() else None,
        grid=_number(more[6]) or None,
    )


def _section(fields: list[str]) -> Section:
    return Section(
        _car(fields[0]), _key(fields[1]), fields[2].strip(), _us(fields[3]), _us(fields[4]) or None
    )


def _usac_section(fields: list[str]) -> Section:
    name, time_us = fields[2].strip(), _us(fields[3]) or None
    return Section(None, _key(fields[0]), name, _us(fields[1]), time_us)


def _crossing(fields: list[str]) -> Crossing:
    return Crossing(
        _car(fields[0]),
        _key(fields[1]),
        fields[2].strip(),
        _us(fields[4]) or None,
        fields[6].strip() == "P",
    )


def _invalidated(fields: list[str]) -> Invalidated:
    return Invalidated(_car(fields[0]), _key(fields[1]), _us(fields[2]) or None)


def _entry(fields: list[str]) -> Entry:
    count = _number(fields[4])
    if count > len(fields) - 5:
        raise ValueError(f"{count} fields announced, {len(fields) - 5} came")
    own = tuple(field.strip() for field in fields[5 : 5 + count])
    return Entry(
        _car(fields[0]), _key(fields[1]), fields[2].strip(), _number(fields[3]) or None, own
    )


def _run(fields: list[str]) -> Run:
    return Run(fields[0].strip(), fields[2].strip(), _KINDS.get(fields[3].strip(), Kind.OTHER))


def _track(fields: list[str]) -> Track:
    count = _number(fields[3])
    if count > MAX_SECTIONS:
        raise ValueError(f"{count} sections, at most {MAX_SECTIONS} expected")
    starts = [4 + 4 * n for n in range(count)]
    parts = (Part(fields[n].strip(), fields[n + 2].strip(), fields[n + 3].strip()) for n in starts)
    return Track(fields[0].strip(), tuple(parts))


def _announcement(fields: list[str]) -> Announcement:
    is_withdrawn = fields[1].strip() == "D"
    return Announcement(_key(fields[0]), is_withdrawn, _instant(fields[3]), fields[4].strip())


def _zone(fields: list[str]) -> Zone:
    if not _ZONE.fullmatch(fields[0].strip()):
        raise ValueError(f"{fields[0][:40]!r} is no IANA name")
    return Zone(fields[0].strip())


_READERS: dict[str, Callable[[list[str]], Record]] = {
    "H": _heartbeat,
    "C": _result,
    "S": _section,
    "L": _crossing,
    "I": _invalidated,
    "F": lambda fields: Flagged(*_flag(fields[0])),
    "N": lambda fields: Leader(_car(fields[0])),
    "E": _entry,
    "R": _run,
    "T": _track,
    "A": _announcement,
    "V": lambda _fields: Version(),
    "USAC:DRIVERID": lambda fields: Driver(_key(fields[0]), fields[3].strip()),
    "USAC:S": _usac_section,
    "USAC:TZ": _zone,
}
