"""A race of many cars, made by the production writers: for tests, and for looking at by eye."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from livetiming.events import (
    Attribution,
    Changed,
    Clock,
    Closed,
    CloseReason,
    Described,
    Laps,
    Origin,
    Payload,
    Posted,
    SessionId,
    Versions,
)
from livetiming.events.log import LogWriter, RealDisk, SealedWriter, open_log, open_reader
from livetiming.racing import Column, ColumnType, Flag, Kind, Mark, columns

SESSION = SessionId("0123456789abcdef0123456789abcdef")
START = 1781445600000
CLASSES = ("HYPERCAR", "LMP2", "LMGT3")

Happening = tuple[int, Payload]


def described(**changes: object) -> Described:
    fields: dict[str, object] = {
        "session": SESSION,
        "name": "WEC",
        "description": "6 Hours of Testing",
        "class_": "demo",
        "key": "1",
        "kind": Kind.RACE,
        "columns": columns(
            "num", "state", "class", "team", "driver", "car", "tyre", "laps", "gap", "int",
            "s1", "s2", "s3", "last", "best", "pits",
        ),
        "track": (Column("air", ColumnType.NUMBER, "Air", "°C"),),
        "attribution": Attribution("Timing by Nobody"),
        "hidden": False,
        "do_not_record": False,
        "analysis": True,
        "rate": 1,
        "versions": Versions("0.1.0"),
    }  # fmt: skip
    return Described(**{**fields, **changes})  # type: ignore[arg-type]


def happenings(cars: int = 62, laps: int = 6) -> Iterator[Happening]:
    """What happens, and when: `laps` laps of 100 s, one update a second and a few messages."""
    ids = [str(n + 1) for n in range(cars)]
    yield START, described(writer=START)
    yield START + 250, _grid(ids)
    for second in range(1, laps * 100 + 1):
        at = START + second * 1000
        yield at, _second(ids, second)
        if second % 40 == 0:
            yield at, _message(ids[second % cars], second)
    yield START + (laps * 100 + 1) * 1000, Closed(CloseReason.FINISHED)


def _grid(ids: list[str]) -> Changed:
    cells = {
        id_: {
            "num": f"{n + 1:03d}" if n % 9 == 0 else str(n + 1),
            "state": "run",
            "class": CLASSES[n * len(CLASSES) // len(ids)],
            "team": f"Équipe Longue-Durée {n + 1}",
            "driver": ("Sébastien BUEMI", "小林 可夢偉", "Earl BAMBER", "Ó. Ní")[n % 4],
            "car": "Prototype 963",
            "tyre": "M",
            "laps": 0,
            "pits": 0,
        }
        for n, id_ in enumerate(ids)
    }
    session = {
        "flag": Flag.GREEN,
        "elapsed": Clock(0, START, runs=True),
        "remaining": Clock(600_000_000, START, runs=True),
        "laps": 0,
        "air": 21.5,
    }
    return Changed(cells, (), (0, tuple(ids)), session)


def _second(ids: list[str], second: int) -> Changed:
    lap, place = divmod(second, 100)
    if place >= len(ids):
        return Changed(session={"air": 21 + place / 100})
    last = 100_123_000 + place * 91_000 + lap * 7_000
    cells = {
        "laps": lap + 1,
        "state": "pit" if place % 7 == 3 else "run",
        "pits": lap if place % 7 == 3 else 0,
        "s1": (last // 4, Mark.PB) if place % 3 == 0 else last // 4,
        "s2": last // 3,
        "s3": (last - last // 4 - last // 3, Mark.INVALID if place == 5 else Mark.OLD),
        "last": (last, Mark.PB if place % 2 else Mark.SB),
        "best": (last, Mark.SB) if place == 0 else last,
    }
    if place:
        cells["gap"] = Laps(1) if place > 40 else place * 3_214_000
        cells["int"] = 3_214_000
    session = {"laps": lap + 1} if place == 0 else {}
    if second == 250:
        session["flag"] = Flag.FCY
    return Changed({ids[place]: cells}, session=session)


def _message(car: str, second: int) -> Posted:
    if second % 80 == 0:
        text = "FULL COURSE YELLOW"
        return Posted(category="RC", text=text, style="fcy", origin=Origin.PROVIDER)
    text = f"#{car} has entered the pits"
    return Posted(category="Pits", text=text, style="pit", car=car, origin=Origin.DERIVED)


def write(log: LogWriter, what: Iterator[Happening] | list[Happening]) -> None:
    """Append what happens, and make it durable."""
    for at, payload in what:
        log.append(payload, at)
    commit(log)


def commit(log: LogWriter) -> None:
    while group := log.take():
        log.commit(group)


def grow(folder: Path, what: Iterator[Happening] | list[Happening]) -> Path:
    """Write a growing log; its tail."""
    with closing(open_log(RealDisk(), folder, SESSION).log) as log:
        write(log, what)
    return folder / f"{SESSION}.jsonl"


def seal(growing: Path, out: Path) -> Path:
    """Seal a growing log."""
    with (
        open_reader(RealDisk(), growing) as reader,
        SealedWriter(RealDisk(), out, reader.start()) as writer,
    ):
        for line, event in reader.events():
            writer.add(line, event)
        writer.finish()
    return out
