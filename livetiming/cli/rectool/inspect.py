"""`inspect`: what a log holds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click
import msgspec

from livetiming.cli.output import talk, write_json, write_text
from livetiming.cli.rectool.logs import JSON, LOG, files_of, locate
from livetiming.cli.rectool.verify import OUTCOMES
from livetiming.errors import LogDamaged
from livetiming.events import Event
from livetiming.events.log import Folded, Form, LogReader, RealDisk, Status, open_reader, verify
from livetiming.events.model import Versions, tag_of
from livetiming.events.state import ClosedState
from livetiming.racing import Flag, Kind
from livetiming.units import format_clock, format_instant


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a log holds.

    Args:
        session: whose it is.
        form: growing or sealed.
        status: whole, torn or damaged, as `verify` finds it.
        name: series or event.
        description: this session in words.
        class_: the service class.
        kind: what sort of session.
        first_at: the instant of its first event, epoch ms.
        last_at: the instant of its last event.
        events: how many it has.
        types: how many it has of each type.
        frames: how many parts open by themselves.
        cars: how many were ever in it.
        flags: periods: flag, from, to; where no flag is known there is none.
        size: bytes on disk.
        raw_size: bytes of its event lines.
        chain: after its last event, 16 hexadecimal digits.
        closed: how it was closed.
        versions: of the programs that made it.
    """

    session: str
    form: Form
    status: Status
    name: str | None
    description: str | None
    class_: str | None = msgspec.field(name="class")
    kind: Kind | None
    first_at: int | None
    last_at: int | None
    events: int
    types: dict[str, int]
    frames: int
    cars: int
    flags: list[tuple[str, int, int]]
    size: int
    raw_size: int
    chain: str
    closed: ClosedState | None
    versions: Versions | None


_EXAMPLES = """\b
Example:
  livetiming-rectool inspect race.jsonl.zst
"""


@click.command(epilog=_EXAMPLES)
@LOG
@JSON
def command(log: Path, *, as_json: bool) -> int:
    """Say what LOG holds; exits as `verify` does."""
    path = locate(log)
    with open_reader(RealDisk(), path) as reader:
        summary = _summary(path, reader)
    if as_json:
        write_json(summary)
    else:
        write_text(_describe(summary))
    return OUTCOMES[summary.status]


class _Tally:
    """What is counted on one walk through a log."""

    def __init__(self, folded: Folded) -> None:
        self.folded = folded
        self.types: Counter[str] = Counter()
        self.cars: set[str] = set(folded.state.cars)
        self.flags: list[tuple[str, int, int]] = []
        self.raw_size = 0
        self.first_at: int | None = None
        self._flag: tuple[str, int] | None = None

    def count(self, line: bytes, event: Event) -> None:
        if self.first_at is None:
            self.first_at = event.at
        self.types[tag_of(event.payload)] += 1
        self.raw_size += len(line) + 1
        self.cars.update(getattr(event.payload, "cars", ()))
        self._see_flag(self.folded.state.session.get("flag"), event.at)

    def _see_flag(self, value: Any, at: int) -> None:
        flag = None if value in (None, Flag.NONE) else str(value)
        known = self._flag and self._flag[0]
        if flag != known:
            self.end_flag(at)
            self._flag = None if flag is None else (flag, at)

    def end_flag(self, at: int) -> None:
        """The period that is under way ends."""
        if self._flag is not None:
            self.flags.append((*self._flag, at))


def _tally(reader: LogReader) -> _Tally:
    """Count as far as the log can be read."""
    folded = reader.start()
    tally = _Tally(folded)
    try:
        for line, event in reader.events(folded):
            tally.count(line, event)
    except LogDamaged as error:
        talk(f"{error}; counted up to event {folded.seq}")
    tally.end_flag(folded.at)
    return tally


def _summary(path: Path, reader: LogReader) -> Summary:
    tally = _tally(reader)
    folded = tally.folded
    about, events = folded.state.described, tally.types.total()
    return Summary(
        session=folded.session,
        form=reader.form,
        status=verify(RealDisk(), path).status,
        name=about.name if about else None,
        description=about.description if about else None,
        class_=about.class_ if about else None,
        kind=about.kind if about else None,
        first_at=tally.first_at,
        last_at=folded.at if events else None,
        events=events,
        types=dict(tally.types),
        frames=reader.frames,
        cars=len(tally.cars),
        flags=tally.flags,
        size=sum(file.stat().st_size for file in files_of(path)),
        raw_size=tally.raw_size,
        chain=folded.chain.hex(),
        closed=folded.state.closed,
        versions=about.versions if about else None,
    )


def _describe(summary: Summary) -> str:
    return "\n".join(f"{title:12}{text}" for title, text in _rows(summary) if text)


def _rows(summary: Summary) -> list[tuple[str, str]]:
    closed, made = summary.closed, summary.versions
    types = ", ".join(f"{n} {tag}" for tag, n in summary.types.items())
    return [
        ("name", summary.name or ""),
        ("description", summary.description or ""),
        ("kind", " · ".join(filter(None, (summary.kind, summary.class_)))),
        ("session", summary.session),
        ("log", f"{summary.form}, {summary.status}"),
        ("from", _instant(summary.first_at)),
        ("to", _instant(summary.last_at)),
        ("closed", f"{closed.reason}, {format_instant(closed.at)}" if closed else "not closed"),
        ("cars", str(summary.cars)),
        ("events", f"{summary.events}: {types}" if types else "0"),
        ("flags", ", ".join(_period(*period) for period in summary.flags)),
        ("frames", str(summary.frames)),
        ("size", f"{summary.size:,} bytes on disk, {summary.raw_size:,} bytes of lines"),
        ("chain", summary.chain),
        ("made by", f"livetiming {made.livetiming}" if made else ""),
    ]


def _instant(at: int | None) -> str:
    return "" if at is None else format_instant(at)


def _period(flag: str, from_at: int, to_at: int) -> str:
    return f"{flag} {format_clock((to_at - from_at) * 1000)}"
