"""One stored document: which it is, of which race and of what time, by what is in it.

People keep such documents with the address on a line before or after them (2023), or without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from livetiming.errors import BadCapture
from livetiming.services import BadFrame, CaptureHints, read_json
from livetiming.services.nascar.addresses import CURRENT, Address, Document, read
from livetiming.services.nascar.fields import (
    Fields,
    decimal,
    instant,
    instant_utc,
    record,
    records,
    whole,
)

FIRST_DAY = date(2000, 1, 1)
"""Where neither the document nor the user knows the date."""
MAX_SIZE = 9 * 1024 * 1024
"""More than any document that a parser takes."""

_HEAD = re.compile(rb"(?:Source:\s*)?(?:https?://[^/\s]+/)?([^\s\[{]\S*)\s*?\n\s*(?=[\[{])")
_TAIL = re.compile(rb"\n\s*(?:Source:\s*)?https?://[^/\s]+/(\S+)\s*$")
_FORMS: Mapping[Document, tuple[str, type]] = {
    Document.LIVE: ("vehicles", list),
    Document.WEEKEND: ("weekend_race", list),
    Document.FLAGS: ("FlagStates", list),
    Document.LAPS: ("laps", list),
}
_LIST_FORMS = {Document.STOPS: "pit_in_race_time", Document.FLAGS: "flag_state"}


class Stored(NamedTuple):
    """A stored document.

    Args:
        path: its file.
        channel: its address, as a live feed would have it.
        text: the document.
        content: what it says.
    """

    path: Path
    channel: str
    text: bytes
    content: Any

    @property
    def address(self) -> Address | None:
        """Which document it is; `None` where we do not know it."""
        return read(self.channel)


def read_stored(path: Path) -> Stored:
    """Read a file; one that is no JSON is for the parser to refuse.

    Raises: `BadCapture` where it cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SIZE)
    except OSError as error:
        raise BadCapture(f"{path}: cannot be read: {error.strerror}") from error
    text, written = _bare(data.removeprefix(b"\xef\xbb\xbf").strip())
    try:
        content = read_json(text)
    except BadFrame:
        content = None
    return Stored(path, _channel(written, content) or path.stem, text, content)


def _bare(data: bytes) -> tuple[bytes, str]:
    """The document, and the address that was written before or after it."""
    if head := _HEAD.match(data):
        return data[head.end() :], head[1].decode(errors="replace")
    if tail := _TAIL.search(data[-1000:]):
        return data[: len(data) - len(tail[0])], tail[1].decode(errors="replace")
    return data, ""


def _channel(written: str, content: Any) -> str | None:
    """The address that was written, if the document is one of that sort, else its sort alone."""
    document = document_of(content)
    if document is None:
        return None
    channel = written.removesuffix(".json")
    address = read(channel)
    if address is not None and address.document is document:
        return channel
    return CURRENT if document is Document.LIVE else document


def document_of(content: Any) -> Document | None:
    """Which document has this form; `None` where none that we know has."""
    if isinstance(content, list):
        first = record(content[0]) if content else {}
        return next((each for each, name in _LIST_FORMS.items() if name in first), None)
    fields = record(content)
    for document, (name, kind) in _FORMS.items():
        if isinstance(fields.get(name), kind):
            return document
    return None


def live_at(feed: Fields, hints: CaptureHints) -> int:
    """When a live feed was made: by its own word, else by its time of day on the day given."""
    at = instant(feed, "time_of_day_os")
    return local_at(hints, decimal(feed, "time_of_day") or 0) if at is None else at


def weekend_at(weekend: object) -> int | None:
    """When the race of a weekend was to start; `None` where that is not said in UTC."""
    runs = records(record(weekend).get("weekend_runs"))
    races = records(record(weekend).get("weekend_race"))
    planned = records(races[0].get("schedule")) if races else []
    for entries, name in ((runs, "run_date_utc"), (planned, "start_time_utc")):
        for entry in entries:
            if whole(entry, "run_type") == 3 and (at := instant_utc(entry, name)) is not None:
                return at
    return None


def local_at(hints: CaptureHints, seconds: float) -> int:
    """The instant of a time of day, as the user says."""
    midnight = datetime.combine(hints.date or FIRST_DAY, datetime.min.time(), hints.timezone)
    moment = midnight + timedelta(seconds=min(max(seconds, 0), 172_800))
    return round(moment.astimezone(UTC).timestamp() * 1000)
