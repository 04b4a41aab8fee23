"""Writes the vectors shared with the TypeScript fold: `python -m tests.events.make_vectors`.

A vector is a session in short: a state to start from, and each line with the hash of the state
after it. Both languages replay them; neither may see another hash. `refused.json` holds lines
that both must refuse.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path

import msgspec

from livetiming.events import (
    Attribution,
    Changed,
    Clock,
    Closed,
    CloseReason,
    Described,
    Event,
    Feed,
    FeedStatus,
    Laps,
    Origin,
    Passed,
    Payload,
    Picture,
    Posted,
    State,
    Style,
    Versions,
    apply,
    decode,
    diff,
    encode,
    state_hash,
)
from livetiming.events.model import MAX_INTEGER
from livetiming.events.state import as_json, from_json
from livetiming.racing import (
    STANDARD_COLUMNS,
    CarState,
    Column,
    ColumnType,
    Flag,
    Kind,
    Mark,
    columns,
)
from tests import six_lines
from tests.events import sessions
from tests.events.checks import state_of
from tests.events.refused import REFUSED

FOLDER = Path(__file__).parents[1] / "vectors"
AT = sessions.AT

Said = Payload | str
"""What an event says: a payload, or the raw text behind its `at`, for what we never write."""


def lines(said: Iterable[Said], first: int = 1) -> list[bytes]:
    made = []
    for seq, what in enumerate(said, first):
        if isinstance(what, str):
            made.append(f'{{"seq":{seq},"at":{AT + seq},"type":{what}}}'.encode())
        else:
            made.append(encode(Event(seq, AT + seq, what, AT + seq if seq % 3 == 0 else None)))
    return made


def vector(name: str, made: list[bytes], start: State | None = None) -> str:
    """One vector as its JSON line; the state starts as it would be read from a snapshot."""
    text = None if start is None else as_json(start)
    state = State() if text is None else from_json(text)
    steps = []
    for line in made:
        state = apply(state, decode(line))
        steps.append([line.decode(), state_hash(state)])
    stored = None if text is None else json.loads(text)
    return json.dumps(
        {"name": name, "start": stored, "steps": steps}, ensure_ascii=False, separators=(",", ":")
    )


def folded(*said: Said) -> State:
    state = State()
    for line in lines(said):
        apply(state, decode(line))
    return state


def grid(*cars: str) -> Changed:
    return Changed({car: {"num": car, "laps": 1} for car in cars}, order=(0, cars))


DESCRIBED = Described(
    session=sessions.SESSION,
    writer=AT,
    name="WEC",
    description="Race",
    class_="rmonitor",
    key="32",
    kind=Kind.RACE,
    columns=columns("num", "state", "laps", "gap", "best"),
    track=(Column("air", ColumnType.NUMBER, "Air", "°C"),),
    hidden=False,
    do_not_record=False,
    analysis=True,
    rate=1,
    versions=Versions("0.1.0"),
)
FULL = msgspec.structs.replace(
    DESCRIBED,
    writer=None,
    key=None,
    kind=Kind.OTHER,
    columns=tuple(STANDARD_COLUMNS.values()),
    attribution=Attribution("Zeitnahme", "https://example.org/ü"),
    venue="Spa-Francorchamps",
    timezone="Europe/Brussels",
    rate=0.5,
    continues="0" * 32,
    made_from=("1" * 32, "2" * 32),
    versions=Versions("0.1.0", "3.2"),
)


def post(text: str, **fields: object) -> Posted:
    return Posted(**{"category": "Race control", "origin": Origin.PROVIDER, **fields, "text": text})


RESUMED = Feed(FeedStatus.RESUMED, "restart", AT + 9, (AT, 3), 2)
CLOSED = Closed(CloseReason.FINISHED)
CLOCKS = {"elapsed": Clock(0, AT, True), "remaining": Clock(MAX_INTEGER, -1, False)}

SITUATIONS: dict[str, dict[str, list[Said]]] = {
    "orders": {
        "the whole order turns round": [grid(*"12345"), Changed(order=(0, tuple("54321")))],
        "two in the middle change places": [grid(*"12345"), Changed(order=(2, ("4", "3")))],
        "the last two change places": [grid(*"12345"), Changed(order=(3, ("5", "4")))],
        "one place named without need": [grid(*"12"), Changed(order=(1, ("2",)))],
        "a new car at the end": [grid(*"12"), Changed({"3": {}}, order=(2, ("3",)))],
        "a new car at the front": [grid(*"12"), Changed({"3": {}}, order=(0, ("3", "1", "2")))],
        "new cars past the end of the slice": [
            grid(*"12"),
            Changed({"3": {}, "4": {"num": "4"}}, order=(1, ("4", "2", "3"))),
        ],
        "the places close up before the order counts": [
            grid(*"12345"),
            Changed(removed=("2",), order=(1, ("5", "3", "4"))),
        ],
        "one leaves and one comes": [
            grid(*"123"),
            Changed({"4": {"laps": 9}}, ("1",), (0, ("4", "2", "3"))),
        ],
    },
    "cars": {
        "cells are set, replaced and cleared": [
            Changed({"7": {"num": "007", "laps": 3, "gap": Laps(2)}}, order=(0, ("7",))),
            Changed({"7": {"laps": 4, "gap": None, "best": (106542000, Mark.SB)}}),
            Changed({"7": {"num": None, "laps": None, "best": None, "team": None}}),
        ],
        "a car without cells": [Changed({"7": {}}, order=(0, ("7",))), Changed({"7": {}})],
        "all cars leave, the last first": [grid(*"123"), Changed(removed=("3", "1", "2"))],
        "a car returns with nothing of before": [
            grid(*"12"),
            Changed(removed=("1",)),
            Changed({"1": {"laps": 2}}, order=(1, ("1",))),
        ],
        "a car leaves and returns in one event": [
            grid(*"12"),
            Changed({"1": {"pits": 1}}, ("1",), (0, ("1", "2"))),
        ],
        "every car state": [
            Changed(
                {state.value: {"state": state.value} for state in CarState},
                order=(0, tuple(state.value for state in CarState)),
            )
        ],
    },
    "values": {
        "every mark, on text, number and laps": [
            Changed(
                {
                    "1": {f"s{n}": (5, mark) for n, mark in enumerate(Mark, 1)},
                    "2": {f"s{n}": ("x", mark) for n, mark in enumerate(Mark, 1)},
                    "3": {f"s{n}": (Laps(n), mark) for n, mark in enumerate(Mark, 1)},
                },
                order=(0, ("1", "2", "3")),
            )
        ],
        "a mark comes and goes": [
            Changed({"1": {"best": (5, Mark.PB)}}, order=(0, ("1",))),
            Changed({"1": {"best": (5, Mark.SB)}}),
            Changed({"1": {"best": 5}}),
        ],
        "numbers": [
            Changed(
                {str(n): {"x": value} for n, value in enumerate(sessions.NUMBERS)},
                order=(0, tuple(str(n) for n in range(len(sessions.NUMBERS)))),
            )
        ],
        "gaps in laps and in time": [
            Changed({"1": {"gap": Laps(1), "int": 1}}, order=(0, ("1",))),
            Changed({"1": {"gap": 1, "int": Laps(MAX_INTEGER)}}),
        ],
        "clocks": [
            Changed(session=CLOCKS),
            Changed(session={"elapsed": Clock(-5, 0, False), "remaining": None}),
        ],
        "every flag": [Changed(session={"flag": flag.value}) for flag in Flag],
        "session fields and track data": [
            Changed(session={"laps": 3, "laps_remaining": 0, "laps_total": 50, "part": "Q2"}),
            Changed(session={"air": 21.5, "wind": "NW", "zones": "3, 4", "part": None}),
            Changed(session={"air": None, "laps": None, "nothing": None}),
        ],
        "crossings fold to nothing": [
            grid("1"),
            Passed("1", "finish", 2, 108230000, 9, "Ü"),
            Passed("nobody", "x_1"),
            Passed("1", "pit_in", -1, -2, MAX_INTEGER),
        ],
    },
    "messages": {
        "over a hundred": [post(f"message {n}") for n in range(105)],
        "every style": [post("x", style=style.value) for style in (*Flag, *Style)],
        "a style of a later version": [
            '"posted","category":"c","text":"t","style":"loud","origin":"derived"'
        ],
        "with a car that is not there": [post("#9 is slow", car="9", origin=Origin.DERIVED)],
        "with a time of the provider": [post("a"), post("b"), post("c")],
    },
    "described": {
        "with every field": [FULL],
        "twice": [FULL, grid("1"), DESCRIBED],
        "with no columns any more": [
            DESCRIBED,
            grid("1"),
            msgspec.structs.replace(DESCRIBED, columns=(), track=(), made_from=()),
        ],
        "the writer stays": [DESCRIBED, FULL, RESUMED, FULL],
        **{f"of kind {kind}": [msgspec.structs.replace(DESCRIBED, kind=kind)] for kind in Kind},
    },
    "closing": {
        "every reason": [Closed(reason) for reason in CloseReason],
        "with the session that follows": [Closed(CloseReason.MOVED, "e" * 32)],
        "resumed after it was closed": [DESCRIBED, grid("1"), CLOSED, RESUMED, grid("1")],
        "corrected after it was closed": [DESCRIBED, grid("1"), CLOSED, FULL],
        "a feed that is only back leaves it closed": [CLOSED, Feed(FeedStatus.LIVE)],
        "every status": [
            Feed(FeedStatus.LIVE),
            Feed(FeedStatus.STALE, "no data for 30 s"),
            Feed(FeedStatus.LOST, "hung up"),
            RESUMED,
        ],
        "a writer with another status counts for nothing": [
            DESCRIBED,
            f'"feed","status":"live","writer":{AT + 5},"previous":[1,2],"adopted":0',
        ],
    },
    "future": {
        "an unknown type": [
            grid("1"),
            '"weather","cars":{"9":{}},"writer":3,"status":"resumed","rain":null',
            '"x"',
            '"changed2","order":[0,[]]',
        ],
        "unknown fields at every level": [
            '"described","later":{"a":[1,{"b":null}]},"session":"' + "a" * 32 + '","name":"n",'
            '"description":"d","class":"c","key":null,"kind":"race",'
            '"columns":[{"id":"num","type":"text","title":"Num","width":3}],'
            '"track":[{"id":"air","type":"number","title":"Air","unit":null}],'
            '"attribution":{"text":"t","logo":"l"},"hidden":false,"do_not_record":false,'
            '"analysis":true,"rate":1,"versions":{"livetiming":"2","web":"3"}',
            '"changed","cars":{"1":{"num":"1"}},"order":[0,["1"]],"why":"x","session":'
            '{"elapsed":{"value_us":1,"at":2,"runs":true,"drift":0.5}}',
            '"passed","car":"1","line":"finish","speed":300.5',
            '"posted","category":"c","text":"t","origin":"provider","severity":[1]',
            '"feed","status":"live","latency":12',
            '"closed","reason":"ended","winner":"1"',
        ],
        "fields in another order": [
            '"changed","session":{"air":1},"order":[0,["2","1"]],"cars":{"1":{},"2":{}},"source_at":5',
            '"closed","next":"' + "b" * 32 + '","reason":"moved"',
        ],
        "blanks and escapes": [
            '"changed" , "cars" : { "\\u0037" : { "num" : "\\u00fc\\/\\n" } } , "order":[0,["7"]] ',
        ],
        "eight levels": ['"x","a":[[[[[[[1]]]]]]]'],
    },
    "unicode": {
        "odd ids keep their places": [
            Changed(
                {car: {"num": car} for car in sessions.ODD_IDS}, order=(0, tuple(sessions.ODD_IDS))
            ),
            Changed(order=(0, tuple(reversed(sessions.ODD_IDS)))),
            Changed(removed=("007", "toString", "🏁")),
            Changed({"ü": {"num": None}, "valueOf": {"laps": 3}}),
        ],
        "texts": [
            Changed(
                {str(n): {"team": text} for n, text in enumerate(sessions.TEXTS)},
                order=(0, tuple(str(n) for n in range(len(sessions.TEXTS)))),
            ),
            *(post(text) for text in sessions.TEXTS),
            msgspec.structs.replace(FULL, name='𝒳 \\ " / \u2027\u202a', venue="\ufeff\u200b."),
        ],
        "texts that are not as a writer writes them": [
            '"posted","category":"  ","text":"e\\u0301\\u2028\\u0000\\t","origin":"provider"',
            '"posted","category":"","text":"","origin":"provider"',
            '"changed","session":{"flag":"plaid","laps":"many","elapsed":3,"part":""}',
        ],
    },
}


def random_sessions(seed: int, count: int, length: int) -> list[str]:
    made = []
    for number in range(seed, seed + count):
        rng = random.Random(number)
        said = list(sessions.payloads(rng, length))
        start = state_of(Picture())
        made.append(vector(f"random {number}", lines(said, 1), start if number % 2 else None))
    return made


def clips() -> list[str]:
    """What begins in the middle of a session."""
    rich = folded(FULL, grid(*sessions.ODD_IDS), Changed(session=dict(CLOCKS)), RESUMED)
    busy = folded(DESCRIBED, *(post(f"message {n}", car="7") for n in range(99)), CLOSED)
    after: list[Said] = [Changed(removed=("007",)), post("a"), post("b"), FULL]
    return [
        vector("a clip of a rich state", lines(after, 900), rich),
        vector("a clip of a closed session", lines([post("a"), post("b"), RESUMED], 200), busy),
        vector("a clip of nothing", lines([grid("1")], 2), State()),
        vector("a clip without events", [], rich),
    ]


def pair_vectors(seed: int, count: int) -> list[str]:
    """Pairs of pictures: the state before, and the one line that leads to the state after."""
    made: list[str] = []
    for known, seen in sessions.pairs(seed, 2 * count):
        change = diff(known, seen)
        if change is not None and len(made) < count:
            name = f"pair {len(made)} of seed {seed}"
            made.append(vector(name, lines([change]), state_of(known)))
    return made


def vectors() -> dict[str, str]:
    """The committed files: text by name."""
    files = {"six_lines": [vector("the log of six lines", six_lines.LINES)], "clips": clips()}
    for file, situations in SITUATIONS.items():
        files[file] = [vector(name, lines(said)) for name, said in situations.items()]
    files["random"] = random_sessions(seed=1, count=110, length=10)
    texts = {f"{file}.jsonl": "".join(f"{v}\n" for v in made) for file, made in files.items()}
    texts["refused.json"] = json.dumps(REFUSED, ensure_ascii=True, indent=1) + "\n"
    return texts


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, text in vectors().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
