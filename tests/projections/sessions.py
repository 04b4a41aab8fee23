"""Sessions in short for the analysis: a simulated race that is spoilt, and some told by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import NamedTuple

from livetiming.events import (
    Changed,
    Clock,
    Closed,
    CloseReason,
    Described,
    Event,
    Feed,
    FeedStatus,
    Laps,
    Passed,
    Payload,
    Picture,
    State,
    Versions,
    apply,
    diff,
)
from livetiming.racing import Kind
from livetiming.services.demo.plan import Plan
from livetiming.services.demo.race import Race
from livetiming.services.demo.table import COLUMNS

AT = 1_781_445_600_000
SESSION = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
_EVERY_MS = 950

Said = tuple[int, Payload]
"""When something is said, in milliseconds from the start, and what."""
Spoil = Callable[[int, Picture], None]


class Known(NamedTuple):
    """An event and the state after it."""

    event: Event
    state: State


def told(said: Iterable[Said]) -> Iterator[Known]:
    """Number and fold what is said; the state is live."""
    state = State()
    for seq, (ms, payload) in enumerate(said, 1):
        event = Event(seq, AT + ms, payload)
        apply(state, event)
        yield Known(event, state)


def described(kind: Kind) -> Described:
    return Described(
        session=SESSION, name="Vectors", description="", class_="demo", key=None, kind=kind,
        columns=COLUMNS, track=(), hidden=False, do_not_record=False, analysis=True, rate=1,
        versions=Versions("0"),
    )  # fmt: skip


def race(plan: Plan, *, crossings: bool, seed: int) -> Iterator[Said]:
    """A simulated race whose feed makes mistakes and corrects them.

    Args:
        plan: of the race.
        crossings: whether the feed tells them, or shows cells alone.
        seed: decides about the mistakes.
    """
    yield 0, described(Kind.RACE)
    simulated, spoil, known = Race(plan), spoilt(seed), State()
    ms = 0
    while simulated.over_us is None:
        simulated.advance(ms * 1000)
        for fact in simulated.journal.take():
            if crossings or not isinstance(fact.payload, Passed):
                yield ms, fact.payload
        seen = _picture(simulated, ms)
        spoil(ms, seen)
        change = diff(known, seen)
        if change is not None:
            apply(known, Event(1, AT, change))
            yield ms, change
        ms += _EVERY_MS
    yield ms, Closed(CloseReason.FINISHED)
    yield ms + 60_000, Feed(FeedStatus.RESUMED, writer=AT)
    yield ms + 90_000, Closed(CloseReason.FINISHED)


def _picture(simulated: Race, ms: int) -> Picture:
    clock = simulated.clock(ms * 1000)
    at_ms = simulated.plan.green_us // 1000 if clock.runs else ms
    shown = simulated.clock(at_ms * 1000)
    session = {
        "flag": simulated.control.flag,
        "remaining": Clock(shown.remaining_us, AT + at_ms, clock.runs),
    }
    cars = {car: dict(cells) for car, cells in simulated.board.cars.items()}
    return Picture(cars, list(simulated.board.order), session, AT + ms)


def spoilt(seed: int) -> Spoil:
    """Laps that are taken back for some seconds or for good, times that are corrected or void."""
    dice = Random(seed)
    mistakes: dict[str, tuple[int, str]] = {}

    def spoil(ms: int, seen: Picture) -> None:
        for car, cells in seen.cars.items():
            until, what = mistakes.get(car, (0, ""))
            if ms >= until and dice.random() < 0.01:
                until, what = ms + dice.randrange(1_000, 20_000), dice.choice(_MISTAKES)
                mistakes[car] = until, what
            if ms < until:
                _mistake(what, cells)

    return spoil


_MISTAKES = ("a lap less", "two laps less", "another time", "void", "nobody drives", "disqualified")


def _mistake(what: str, cells: dict) -> None:
    last = cells.get("last")
    time_us = last[0] if isinstance(last, tuple) else last
    if what in ("a lap less", "two laps less") and cells.get("laps", 0) > 2:
        cells["laps"] -= 1 if what == "a lap less" else 2
    elif what == "another time" and time_us:
        cells["last"] = time_us + 1_234_000
    elif what == "void" and time_us:
        cells["last"] = (time_us, "invalid")
    elif what == "nobody drives":
        cells.pop("driver", None)
    elif what == "disqualified":
        cells["state"] = "dq"


def qualifying() -> Iterator[Said]:
    """Best laps as the provider says them, equal ones, and a car that leaves without one."""
    yield 0, described(Kind.QUALIFYING)
    clock = Clock(300_000_000, AT, runs=True)
    cars = {
        car: {"num": f"0{car}", "class": class_, "laps": 0, "state": "out"} for car, class_ in _GRID
    }
    yield 10, Changed(cars, order=(0, tuple(cars)), session={"flag": "green", "remaining": clock})
    for lap in range(1, 5):
        for place, car in enumerate(cars):
            time_us = 60_000_000 + (place * 7 + lap * 5) % 4 * 111_111
            cells = {"laps": lap, "last": (time_us, "pb"), "best": (time_us, "pb"), "state": "run"}
            cells |= {"s1": 20_000_000 + place, "s2": 20_000_000 - lap, "s3": time_us - 40_000_000}
            yield lap * 60_000 + place * 400, Changed({car: cells})
    yield 250_000, Changed({"𝄞": {"best": None}, "é": {"state": "dq"}}, removed=("22",))
    stopped = Clock(61_500_999, AT + 251_000, runs=False)
    yield (
        251_000,
        Changed(
            {"z": {"last": (61_000_000, "invalid")}}, session={"flag": "red", "remaining": stopped}
        ),
    )
    yield 300_000, Closed(CloseReason.FINISHED)


_GRID = (("z", "GT"), ("é", "GT"), ("𝄞", "P"), ("22", "P"), ("\uffff", "GT"))
"""Ids that Python and JavaScript would sort in different ways."""


def distance() -> list[Said]:
    """A race of some laps without classes, the gaps as the feed says them."""
    return sorted(_distance(), key=lambda said: said[0])


def _distance() -> Iterator[Said]:
    yield 0, described(Kind.RACE)
    cars = {car: {"num": car, "laps": 0, "state": "run", "driver": f"{car} A"} for car in "5678"}
    session = {"flag": "green", "laps_total": 9}
    yield 10, Changed(cars, order=(0, tuple(cars)), session=session)
    for lap in range(1, 8):
        for place, car in enumerate(cars):
            if lap > 7 - place:
                continue
            ms = lap * (50_000 + place * 3_000)
            gap = place * 3_000_000 * lap if place < 2 else Laps(place)
            cells = {"laps": lap, "last": 50_000_000 + place * 3_000_000 + lap}
            cells |= {"gap": gap if place else None, "tyre": "HM"[lap % 2]}
            if lap == 3:
                cells |= {"state": "pit"}
            if lap == 4:
                cells |= {"state": "run", "driver": f"{car} B"}
            yield ms, Changed({car: cells})
    # it is cut short after that many laps were done, and its clock has run out
    yield 400_000, Changed(session={"laps_total": 6})
    over = Clock(-60_000_000, AT + 401_000, runs=True)
    yield 401_000, Changed(session={"laps_total": 12, "remaining": over})
