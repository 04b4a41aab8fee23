"""`python -m tests.projections.make_vectors`: writes what every language must answer alike.

Each file holds base tables as they hold at an instant and all aggregates of them, made of a
synthetic session: `{"at", "base": {table: {"columns", "rows"}}, "expected": {…}}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from random import Random

from livetiming.events import Event, Passed, State, apply, diff
from livetiming.projections.analysis import Analysis
from livetiming.projections.analysis.aggregates import AGGREGATES
from livetiming.racing import Kind
from livetiming.services.demo.simulation import START_AT, synthetic_day
from tests.projections.told import DESCRIBED, race, rebuilt, two_cars

FOLDER = Path(__file__).parents[1] / "vectors" / "analysis"


def synthetic_events(seed: int, cars: int, minutes: int) -> Iterator[Event]:
    """A part of a race, in which some laps have no time and an unusual driver."""
    dice, state, numbers = Random(seed), State(), count(1)
    yield Event(next(numbers), START_AT, DESCRIBED)
    for at, picture, facts in islice(synthetic_day(seed=seed, hours=1, cars=cars), minutes * 63):
        for fact in facts:
            payload = fact.payload
            if isinstance(payload, Passed) and dice.random() < 0.1:
                payload = Passed(payload.car, payload.line, payload.lap, None, driver="Zoë")
            yield Event(next(numbers), at, payload)
        change = diff(state, picture)
        if change is not None:
            event = Event(next(numbers), at, change)
            apply(state, event)
            yield event


def synthetic(seed: int, cars: int, minutes: int) -> tuple[Analysis, list[int]]:
    """The analysis of such a part, and the instants of its events."""
    events = list(synthetic_events(seed, cars, minutes))
    return rebuilt(events), [event.at for event in events]


def vector(analysis: Analysis, at: int) -> dict[str, object]:
    """Base tables at an instant, and what is made of them."""
    base = {
        name: {"columns": table.columns, "rows": table.as_of(at)}
        for name, table in analysis.base.items()
    }
    expected = {name: analysis.table(name, at)._asdict() for name in AGGREGATES}
    return {"at": at, "base": base, "expected": expected}


def vectors() -> dict[str, dict[str, object]]:
    """All of them by name."""
    told = race(two_cars())
    found = {"empty": vector(Analysis(), START_AT)}
    for number in (8, 20, 30, len(told.events)):
        found[f"two_cars_{number}"] = vector(told.analysis, told.events[number - 1].at)
    analysis, ats = synthetic(5, 8, 40)
    found["race_15_minutes"] = vector(analysis, ats[len(ats) * 3 // 8])
    found["race_40_minutes"] = vector(analysis, ats[-1])
    practice = race(two_cars(Kind.QUALIFYING))
    found["qualifying"] = vector(practice.analysis, practice.events[-3].at)
    return found


def text(each: dict[str, object]) -> str:
    """A vector as it is written: a row a line, so that a difference is seen."""
    return (
        json.dumps(each, ensure_ascii=False, indent=None, separators=(",", ":")).replace(
            "],[", "],\n["
        )
        + "\n"
    )


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, each in vectors().items():
        (FOLDER / f"{name}.json").write_text(text(each), encoding="utf-8")


if __name__ == "__main__":
    main()
