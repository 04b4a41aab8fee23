"""The documents of an `.hhreplay` file: base64 of XML, which a file from anywhere may hold.

A document that declares anything (`<!`) is refused before it is parsed, so that there are no
entities and no DTD in what the parser sees; one is bounded in size, so in depth too.
"""

from __future__ import annotations

import base64
import binascii
import xml.etree.ElementTree as ET
from datetime import datetime
from typing import NamedTuple

from livetiming.services import BadFrame

MAX_DOCUMENT = 64 * 1024
"""Characters of base64."""
MAX_DRIVERS = 20
_MICRO = 1_000_000


class Start(NamedTuple):
    """`SESS`: which session.

    Args:
        competition: the series.
        meeting: the event.
        session: its name.
        track: the track.
        started_at: as sent.
        started_us: local time, microseconds from an epoch of its own.
    """

    competition: str
    meeting: str
    session: str
    track: str
    started_at: str
    started_us: int | None


class Entry(NamedTuple):
    """`ENTR`: a car, and the names of its drivers by their ids."""

    bib: str
    car: str
    class_: str
    team: str
    drivers: dict[str, str]


class Passage(NamedTuple):
    """`PASS`: a car crossed a timing strip.

    Args:
        id: of the passage.
        at_us: local time, as in `Start`.
        bib: of the car.
        sector_us: the section that ended.
        lap_us: the lap that ended.
        lap: its number.
        strip: which one.
        speed_kmh: there.
        driver: the id of the driver.
    """

    id: str
    at_us: int | None
    bib: str
    sector_us: int | None
    lap_us: int | None
    lap: int | None
    strip: str
    speed_kmh: float | None
    driver: str


class Other(NamedTuple):
    """A document that no description has."""

    name: str


def read(data: str | bytes) -> Start | Entry | Passage | Other:
    """Read a document.

    Raises: `BadFrame` where it is no base64, no harmless XML, or a value is of another form.
    """
    element = _parse(_text(data))
    try:
        match element.tag:
            case "SESS":
                return _start(element)
            case "ENTR":
                return _entry(element)
            case "PASS":
                return _passage(element)
            case _:
                return Other(element.tag)
    except ValueError as error:
        raise BadFrame(f"value in {element.tag}", str(error)) from error


def _text(data: str | bytes) -> str:
    if len(data) > MAX_DOCUMENT:
        raise BadFrame("long document", f"{len(data)} of at most {MAX_DOCUMENT}")
    try:
        raw = base64.b64decode(data, validate=True)
        is_wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        return raw.decode("utf-16" if is_wide else "utf-8-sig")
    except (binascii.Error, ValueError) as error:
        raise BadFrame("base64", f"{error}: {data[:60]!r}") from error


def _parse(text: str) -> ET.Element:
    if "<!" in text:
        raise BadFrame("xml", "a declaration, which no document of the feed has")
    try:
        return ET.fromstring(text)  # noqa: S314 - nothing is declared, and it is short
    except (ET.ParseError, ValueError) as error:
        raise BadFrame("xml", f"{error}: {text[:60]!r}") from error


def _value(element: ET.Element, name: str) -> str:
    """A value, be it written as an attribute or as an element."""
    value = element.get(name)
    return (element.findtext(name, "") if value is None else value).strip()


def _start(element: ET.Element) -> Start:
    started_at = _value(element, "StartTime")
    return Start(
        _value(element, "Competition"),
        _value(element, "Meeting"),
        _value(element, "Session"),
        _value(element, "Track"),
        started_at,
        _moment(started_at),
    )


def _entry(element: ET.Element) -> Entry:
    drivers = [child for child in element if child.tag.startswith("Driver")][:MAX_DRIVERS]
    names = {_value(driver, "Id"): _name(driver) for driver in drivers}
    return Entry(
        _bib(element, "Bib"),
        _value(element, "Car"),
        _value(element, "Class"),
        _value(element, "Team"),
        {id_: name for id_, name in names.items() if name},
    )


def _name(driver: ET.Element) -> str:
    full = f"{_value(driver, 'First')} {_value(driver, 'Last')}".strip()
    return full or _value(driver, "Short")


def _bib(element: ET.Element, name: str) -> str:
    if not (bib := _value(element, name)):
        raise ValueError(f"no {name}")
    return bib


def _passage(element: ET.Element) -> Passage:
    speed = _value(element, "VE").replace(",", ".")
    return Passage(
        id=_value(element, "ID"),
        at_us=_moment(_value(element, "DT")),
        bib=_bib(element, "BB"),
        sector_us=_milliseconds(_value(element, "IT")),
        lap_us=_milliseconds(_value(element, "LT")),
        lap=_whole(_value(element, "LP")),
        strip=_value(element, "ST"),
        speed_kmh=float(speed) if speed else None,
        driver=_value(element, "DR"),
    )


def _whole(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        raise ValueError(f"{text[:20]!r} is no count")
    return int(text)


def _milliseconds(text: str) -> int | None:
    """A duration; zero is none."""
    whole = _whole(text)
    return whole * 1000 if whole else None


def _moment(text: str) -> int | None:
    """`dd.MM.yyyy HH:mm:ss.fff`, or ISO 8601, as microseconds; what zone it is of is not said."""
    if not text:
        return None
    try:
        moment = datetime.strptime(text, "%d.%m.%Y %H:%M:%S.%f")  # noqa: DTZ007
    except ValueError:
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    since = moment - datetime(1970, 1, 1)  # noqa: DTZ001
    return (since.days * 86_400 + since.seconds) * _MICRO + since.microseconds
