"""Sessions made up from a seed: clean pictures that follow each other, and events of every type."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator

from livetiming.events import (
    Attribution,
    Cell,
    Clock,
    Closed,
    CloseReason,
    Described,
    Feed,
    FeedStatus,
    Laps,
    Origin,
    Passed,
    Payload,
    Picture,
    Posted,
    SessionValue,
    Style,
    Versions,
    diff,
)
from livetiming.events.model import MAX_INTEGER
from livetiming.racing import (
    STANDARD_COLUMNS,
    CarState,
    Column,
    ColumnType,
    Flag,
    Kind,
    Mark,
    SessionField,
)

AT = 1_781_445_600_000
SESSION = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
ODD_IDS = [
    *("7", "007", "ü", "4294967295", "4294967294", "0", "-1", "1.5", "7~2", "a b", '"', "\\"),
    *("toString", "valueOf", "hasOwnProperty", "null", "id", "type", "🏁", "🏁" * 32, "x" * 32),
]
"""Ids that some language orders, escapes, inherits or measures in its own way."""
IDS = [*ODD_IDS, *(str(number) for number in range(1, 40) if number != 7)]
TEXTS = [
    *(
        "a",
        "007",
        "",
        "Müller",
        "佐藤",
        "José Ñ",
        "🏁 in",
        'said "go"',
        "C:\\pits",
        "<b>&amp;",
        "/",
    ),
    *("null", "true", "21.0", "1e3", "-0", "{", "[]", "a:b,c", "\u00a0x".strip(), "é" * 256),
    *("\ufeff x", "\u200dz", "\ue000", "𝒳", "\ufffd", "__proto__", "constructor"),
]
TEXTS = [text.strip() for text in TEXTS if text.strip()]
NUMBERS = [0, 1, -1, 2, 21, 46, MAX_INTEGER, -MAX_INTEGER, 10**9, 10**15, 21.5, -0.5, 0.1, 0.0001]
NUMBERS += [-0.0001, 1.1, 33.3333, 123456.7891, 999999999.9999, 0.3, 2.675, 1234567.0001]
COLUMNS = [*STANDARD_COLUMNS, "x", "valueof", "a_1"]
TRACK = ["air", "wind", "state", "rain"]


def number(rng: random.Random) -> int | float:
    if rng.random() < 0.4:
        return rng.choice(NUMBERS)
    if rng.random() < 0.6:
        return rng.randrange(-100, 10**9)
    value = round(rng.uniform(-(10 ** rng.randrange(1, 9)), 10**5), rng.randrange(1, 5))
    return int(value) if value.is_integer() else value


def text(rng: random.Random) -> str:
    return rng.choice(TEXTS)


def cell(rng: random.Random, column: str) -> Cell:
    if column == "state":
        return rng.choice(list(CarState)).value
    kind = STANDARD_COLUMNS[column].type if column in STANDARD_COLUMNS else ColumnType.TEXT
    plain: str | int | float | Laps = number(rng)
    if kind is ColumnType.TEXT or kind is ColumnType.CLASS or rng.random() < 0.05:
        plain = text(rng)
    elif kind is ColumnType.GAP and rng.random() < 0.4:
        plain = Laps(rng.choice([1, 2, 3, 17, MAX_INTEGER]))
    return (plain, rng.choice(list(Mark))) if rng.random() < 0.2 else plain


def session_value(rng: random.Random, field: str) -> SessionValue:
    match field:
        case SessionField.FLAG:
            return rng.choice(list(Flag)).value
        case SessionField.ELAPSED | SessionField.REMAINING:
            at = AT + rng.randrange(-1000, 10**7)
            return Clock(rng.choice([0, 1, -5, 12_000_000, MAX_INTEGER]), at, rng.random() < 0.5)
        case SessionField.LAPS | SessionField.LAPS_REMAINING | SessionField.LAPS_TOTAL:
            return rng.randrange(500)
        case _:
            return text(rng) if rng.random() < 0.5 else number(rng)


def picture(rng: random.Random) -> Picture:
    """A first look at a session of up to eight cars."""
    seen = Picture(cars={}, order=[], session={})
    for _ in range(rng.randrange(9)):
        _enter(rng, seen)
    for _ in range(rng.randrange(4)):
        _say(rng, seen)
    return seen


def next_picture(rng: random.Random, known: Picture) -> Picture:
    """Another look: cells, cars, places and session fields come, change and go."""
    seen = copy.deepcopy(known)
    for _ in range(rng.choice([0, 1, 1, 2, 3, 5])):
        rng.choice([_enter, _leave, _move, _move, _drive, _drive, _drive, _say])(rng, seen)
    return seen


def _enter(rng: random.Random, seen: Picture) -> None:
    car = rng.choice(IDS)
    if car not in seen.cars:
        seen.order.insert(rng.randrange(len(seen.order) + 1), car)
    columns = rng.sample(COLUMNS, rng.randrange(6))
    seen.cars[car] = {column: cell(rng, column) for column in columns}


def _leave(rng: random.Random, seen: Picture) -> None:
    if seen.order:
        car = rng.choice(seen.order)
        seen.order.remove(car)
        del seen.cars[car]


def _move(rng: random.Random, seen: Picture) -> None:
    if seen.order:
        car = seen.order.pop(rng.randrange(len(seen.order)))
        seen.order.insert(rng.randrange(len(seen.order) + 1), car)


def _drive(rng: random.Random, seen: Picture) -> None:
    if seen.order:
        cells, column = seen.cars[rng.choice(seen.order)], rng.choice(COLUMNS)
        if column in cells and rng.random() < 0.3:
            del cells[column]
        else:
            cells[column] = cell(rng, column)


def _say(rng: random.Random, seen: Picture) -> None:
    field = rng.choice([*(str(field) for field in SessionField), *TRACK])
    if field in seen.session and rng.random() < 0.3:
        del seen.session[field]
    else:
        seen.session[field] = session_value(rng, field)


def pairs(seed: int, count: int) -> Iterator[tuple[Picture, Picture]]:
    """Pairs of pictures: mostly one after another, sometimes of two sessions."""
    rng = random.Random(seed)
    known = picture(rng)
    for _ in range(count):
        fresh = rng.random() < 0.1
        seen = picture(rng) if fresh else next_picture(rng, known)
        yield known, seen
        known = seen


def described(rng: random.Random) -> Described:
    """A description; every optional field is there half of the time."""

    def maybe(value: object) -> object | None:
        return value if rng.random() < 0.5 else None

    columns = [column for column in STANDARD_COLUMNS.values() if rng.random() < 0.3]
    return Described(
        session=SESSION,
        writer=maybe(AT + rng.randrange(10**6)),
        name=text(rng),
        description=rng.choice(["", text(rng)]),
        class_=rng.choice(["rmonitor", "f1", "a_b_1"]),
        key=maybe(text(rng)),
        kind=rng.choice(list(Kind)),
        columns=(*columns, Column("x", ColumnType.TEXT, text(rng))),
        track=tuple(
            Column(id_, rng.choice(list(ColumnType)), text(rng), maybe(text(rng))) for id_ in TRACK
        ),
        attribution=maybe(Attribution(text(rng), maybe("https://example.org/ä?a=1&b"))),
        venue=maybe(text(rng)),
        timezone=maybe("Europe/Paris"),
        hidden=rng.random() < 0.5,
        do_not_record=rng.random() < 0.5,
        analysis=rng.random() < 0.5,
        rate=rng.choice([1, 60, 0.5, 2.25]),
        continues=maybe("0" * 32),
        made_from=maybe(("1" * 32, "f" * 32)),
        versions=Versions("0.1.0", maybe("2.0")),
    )


def happening(rng: random.Random) -> Payload:
    """An event that is no change."""
    car = rng.choice([None, *IDS])
    match rng.randrange(10):
        case 0:
            return described(rng)
        case 1:
            status = rng.choice([FeedStatus.LIVE, FeedStatus.STALE, FeedStatus.LOST])
            return Feed(status, rng.choice([None, text(rng)]))
        case 2:
            return Feed(FeedStatus.RESUMED, None, AT + rng.randrange(10**6), (AT, 5), 0)
        case 3:
            return Closed(rng.choice(list(CloseReason)), rng.choice([None, "e" * 32]))
        case 4 | 5 | 6:
            line = rng.choice(["finish", "finish_pit", "pit_in", "pit_out", "speed_1"])
            lap = rng.choice([None, rng.randrange(400)])
            return Passed(car or "1", line, lap, rng.choice([None, 108_230_000]), None, None)
        case _:
            return Posted(
                category=text(rng)[:32].strip(),
                text=text(rng),
                style=rng.choice([None, *map(str, Flag), *map(str, Style)]),
                car=car,
                origin=rng.choice(list(Origin)),
            )


def payloads(rng: random.Random, count: int) -> Iterator[Payload]:
    """The events of one session: changes between pictures, and whatever else happens."""
    known = Picture(cars={}, order=[], session={})
    seen = picture(rng)
    for _ in range(count):
        change = diff(known, seen)
        known, seen = seen, next_picture(rng, seen)
        if change is not None:
            yield change
        if change is None or rng.random() < 0.2:
            yield happening(rng)
