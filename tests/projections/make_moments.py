"""Writes vectors of the aggregates at many moments: `python -m tests.projections.make_moments`.

A vector is an analysis as it is stored, without its aggregates; what these are at some moments;
and, where it was folded, the updates that a viewer would have heard. Python and TypeScript must
make the same aggregates of the same base tables, to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from types import NoneType
from typing import Any, get_args, get_type_hints

import msgspec

from livetiming.projections.analysis import Analysis, Changes, Document, Source, document
from livetiming.projections.analysis.aggregates import AGGREGATES
from livetiming.projections.analysis.base import Base, Holding
from livetiming.projections.analysis.table import Table
from livetiming.racing import CarState, Flag, Kind, Mark
from livetiming.services.demo.plan import Plan
from tests.projections.sessions import (
    AT,
    SESSION,
    Said,
    described,
    distance,
    qualifying,
    race,
    told,
)

FOLDER = Path(__file__).parents[1] / "vectors" / "analysis"
MOMENTS = 8
ROWS: dict[str, type[msgspec.Struct]] = {
    name: get_args(rows)[0] for name, rows in get_type_hints(Holding).items()
}
"""The types of the rows of the base tables."""

_UNCOUNTED = ("stops", "messages")
"""Of them nothing is made yet."""

Moment = dict[str, Any]
"""An instant, and the rows of the aggregates then."""
Update = tuple[int, dict[str, list[Any]]]
"""An instant, and by table the rows that became known or were withdrawn, with their numbers."""


def folded(name: str, said: Iterable[Said]) -> str:
    """The vector of a session, its moments spread over it, each at the end of an instant."""
    analysis = Analysis()
    moments: list[Moment] = []
    updates: list[Update] = []
    events = list(said)
    chosen = _last_of_instants(events)
    for event, state in told(events):
        changes = analysis.step(event, state)
        if changes:
            updates.append((event.at, _rows(analysis.base, changes)))
        if event.seq in chosen:
            aggregates = {each: analysis.table(each).rows for each in AGGREGATES}
            moments.append({"at": event.at, "expected": aggregates})
    return _vector(name, analysis.base, moments, updates)


def _last_of_instants(events: Sequence[Said]) -> set[int]:
    """The numbers of some events that are the last ones of their instants, the last of all too."""
    last = list({ms: seq for seq, (ms, _) in enumerate(events, 1)}.values())
    return {*last[:: max(1, len(last) // MOMENTS)], len(events)}


def _rows(base: Mapping[str, Table[Any]], changes: Changes) -> dict[str, list[Any]]:
    return {
        name: [(number, base[name].row(number)) for number in numbers]
        for name, numbers in changes.items()
    }


def _vector(
    name: str,
    base: Mapping[str, Table[Any]],
    moments: Sequence[Moment],
    updates: Sequence[Update] = (),
) -> str:
    source = Source(SESSION, 1, "0" * 16, AT)
    tables = {each: Document(table.columns, table.as_of(None)) for each, table in base.items()}
    stored = msgspec.Raw(document(source, tables))
    vector = {"name": name, "document": stored, "moments": moments, "updates": updates}
    return msgspec.json.encode(vector).decode()


def random_vectors(seed: int, count: int, rows: int = 12) -> list[str]:
    """Tables of rows that no session would have, but that the types allow."""
    dice = Random(seed)
    return [random_vector(dice, f"tables {n} of seed {seed}", rows) for n in range(count)]


def random_vector(dice: Random, name: str, rows: int) -> str:
    tables: dict[str, Table[Any]] = {each: Table(each, row) for each, row in ROWS.items()}
    end = AT + 1_000
    for table in tables.values():
        most = 2 if table.name in _UNCOUNTED else rows
        for at in sorted(dice.randrange(AT, end) for _ in range(dice.randrange(most))):
            number = table.add(random_row(dice, ROWS[table.name]), at)
            if dice.random() < 0.3:
                table.withdraw(number, dice.randrange(at, end))
    base = Base(**tables)
    moments = []
    for at in (dice.randrange(AT, end), end):
        holding = base.holding(at)
        expected = {
            each: [list(msgspec.structs.astuple(row)) for row in aggregate.rows(holding, at)]
            for each, aggregate in AGGREGATES.items()
        }
        moments.append({"at": at, "expected": expected})
    return _vector(name, tables, moments)


def random_row(dice: Random, row: type[msgspec.Struct]) -> msgspec.Struct:
    """A row whose cells are of the types of its columns."""
    return row(**{name: _cell(dice, name, type_) for name, type_ in _types(row).items()})


_types = cache(get_type_hints)


def _cell(dice: Random, name: str, type_: Any) -> Any:
    if NoneType in get_args(type_) and dice.random() < 0.2:
        return None
    return dice.choice(_WORDS[name]) if name in _WORDS else _number(dice, name)


def _number(dice: Random, name: str) -> int:
    if name.endswith("at"):
        return AT + dice.randrange(-400_000, 1_000)
    if name.endswith("_us"):
        # sums of them, times 10,000, are more than a double holds
        return dice.choice(
            (dice.randrange(50), dice.randrange(60_000_000), 10**12 + dice.randrange(99))
        )
    return dice.randrange(1, 5)


_CARS = ("7", "007", "z", "é", "𝄞", "\uffff")
_WORDS: dict[str, Sequence[Any]] = {
    "car": _CARS,
    "num": _CARS,
    "class_": ("GT", "P", ""),
    "team": ("A",),
    "model": ("B",),
    "driver": ("A", "B", ""),
    "driver_in": ("A",),
    "driver_out": ("B",),
    "flag": [flag.value for flag in Flag],
    "state": [state.value for state in CarState],
    "kind": [*(kind.value for kind in Kind), *["race"] * 6],
    "tyre": ("S", "H"),
    "mark": list(Mark),
    "category": ("Pits",),
    "text": ("ü",),
    "style": ("pit",),
    "origin": ("derived",),
    **dict.fromkeys(("present", "valid", "fuelled"), (True, False)),
    **dict.fromkeys(("in_lap", "out_lap"), (True, False, False, False, False)),
}
"""What stands in columns that hold no number."""


def vectors() -> dict[str, str]:
    """The committed files: text by name."""
    plan = Plan(seed=3, cars=6, duration_s=420, lap_s=24, incident_laps=2.0)
    files = {
        "crossings": [folded("a race of crossings", race(plan, crossings=True, seed=1))],
        "cells": [folded("a race of cells alone", race(plan, crossings=False, seed=2))],
        "told": [
            folded("nothing", [(0, described(Kind.RACE))]),
            folded("a qualifying", qualifying()),
            folded("a race of some laps", distance()),
        ],
        "random": random_vectors(seed=1, count=30, rows=11),
    }
    return {f"{file}.jsonl": "".join(f"{v}\n" for v in made) for file, made in files.items()}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, text in vectors().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
