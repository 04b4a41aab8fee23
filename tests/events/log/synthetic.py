"""Events that no race had, for logs that must hold anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from livetiming.events import (
    Changed,
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
    Posted,
    SessionId,
    State,
    Versions,
    encode,
)
from livetiming.events.log import Disk, LogWriter, SealedWriter, open_log, open_reader
from livetiming.events.log.folded import Folded
from livetiming.events.values import clean
from livetiming.racing import Column, ColumnType, Kind, Mark
from tests import six_lines

SESSION = SessionId(six_lines.SESSION)
FOLDER = Path("/state")
TAIL = FOLDER / f"{SESSION}.jsonl"
BODY = FOLDER / f"{SESSION}.jsonl.zst"
SEALED = Path("/recordings/sealed.jsonl.zst")
START_AT = 1_781_445_600_000

DESCRIBED = Described(
    session=SESSION,
    writer=START_AT,
    name="WEC",
    description="Race",
    class_="rmonitor",
    key="32",
    kind=Kind.RACE,
    columns=(Column("num", ColumnType.TEXT, "Num"), Column("last", ColumnType.TIME, "Last")),
    track=(),
    hidden=False,
    do_not_record=False,
    analysis=True,
    rate=1,
    versions=Versions("0.1.0"),
)


def payload(rng: Random, state: State, length: int = 20) -> Payload:
    """Something that may happen next.

    Args:
        rng: decides.
        state: the log so far.
        length: of the texts in it; what is over 250 goes into further cells.
    """
    if state.described is None:
        return DESCRIBED
    if state.closed:
        return resumed(START_AT + rng.randrange(10**6))
    return rng.choice(_MAKERS)(rng, state, length)


def resumed(writer: int) -> Feed:
    return Feed(FeedStatus.RESUMED, writer=writer, previous=(START_AT, 1), adopted=0)


def _text(rng: Random, length: int) -> str:
    return rng.randbytes((length + 1) // 2).hex()[:length]


def _cells(rng: Random, length: int) -> dict[str, object]:
    return {
        **{f"c{number}": _text(rng, 250) for number in range(length // 250)},
        "team": _text(rng, length),
        "last": (rng.randrange(10**8), rng.choice(list(Mark))),
        "gap": rng.choice([Laps(rng.randrange(1, 9)), rng.randrange(10**9)]),
        "speed": round(rng.random() * 300, 4),
    }


def _new_car(rng: Random, state: State, length: int) -> Payload:
    number = next(n for n in range(rng.randrange(99), 10**6) if str(n) not in state.cars)
    if len(state.cars) >= 5:
        return cells_change(rng, state, length)
    place = rng.randrange(len(state.order) + 1)
    return Changed(
        {str(number): _cells(rng, length)}, (), (place, (str(number), *state.order[place:]))
    )


def cells_change(rng: Random, state: State, length: int) -> Payload:
    if not state.cars:
        return _new_car(rng, state, length)
    cells = _cells(rng, length)
    cells["speed"] = None
    return Changed({rng.choice(state.order): cells})


def _overtake(rng: Random, state: State, length: int) -> Payload:
    if len(state.order) < 2:
        return _new_car(rng, state, length)
    place = rng.randrange(len(state.order) - 1)
    return Changed(order=(place, (state.order[place + 1], state.order[place])))


def _leave(rng: Random, state: State, length: int) -> Payload:
    if len(state.order) < 2:
        return _new_car(rng, state, length)
    return Changed(removed=(rng.choice(state.order),))


def _passed(rng: Random, state: State, length: int) -> Payload:
    return Passed("7", "finish", lap=rng.randrange(400), lap_us=rng.randrange(10**9))


def _posted(rng: Random, state: State, length: int) -> Payload:
    return Posted(category="Pits", text=_text(rng, max(1, length)), origin=Origin.DERIVED)


def _flag(rng: Random, state: State, length: int) -> Payload:
    return Changed(session={"flag": rng.choice(["green", "yellow", "red"])})


def _feed(rng: Random, state: State, length: int) -> Payload:
    return Feed(rng.choice([FeedStatus.LIVE, FeedStatus.STALE, FeedStatus.LOST]))


def _closed(rng: Random, state: State, length: int) -> Payload:
    return Closed(CloseReason.FINISHED) if rng.random() < 0.1 else _posted(rng, state, length)


_MAKERS = [
    *[_new_car, cells_change, cells_change, cells_change, _overtake, _leave],
    *[_passed, _posted, _flag, _feed, _closed],
]


def instant(rng: Random, at: int) -> int:
    """The instant of the next event: often the same, at times minutes later, or an hour back."""
    return max(0, at + rng.choice([0, 0, 40, 50, 1_000, 60_000, 310_000, -3_600_000]))


def lines(rng: Random, count: int, length: int = 20, *, step_ms: int | None = None) -> list[bytes]:
    """The lines of a log.

    Args:
        rng: decides.
        count: how many.
        length: of the texts in them.
        step_ms: between two; at random where it is not given.
    """
    folded, found, at = Folded(SESSION), [], START_AT
    for _ in range(count):
        said = clean(payload(rng, folded.state, length))
        event = Event(folded.seq + 1, max(at, folded.at), said)
        line = encode(event)
        folded.take(event, line)
        found.append(line)
        at = instant(rng, event.at) if step_ms is None else event.at + step_ms
    return found


def append_some(log: LogWriter, rng: Random, count: int, length: int = 20) -> list[bytes]:
    """Append events; give their lines."""
    found = []
    for _ in range(count):
        at = instant(rng, log.place.at or START_AT)
        found.append(encode(log.append(payload(rng, log.state, length), at)))
    return found


def commit_all(log: LogWriter) -> Iterator[bytes]:
    """Commit what was appended; give the lines of each group once they are durable."""
    while (group := log.take()) is not None:
        log.commit(group)
        yield from group.lines.splitlines()


def write_log(disk: Disk, rng: Random, groups: int, length: int = 20) -> list[bytes]:
    """Write a growing log into `FOLDER`; give its lines."""
    log = open_log(disk, FOLDER, SESSION).log
    found = []
    for _ in range(groups):
        found += append_some(log, rng, rng.randrange(1, 5), length)
        list(commit_all(log))
    log.close()
    return found


def write_sealed(disk: Disk, found: list[bytes], path: Path = SEALED) -> None:
    with SealedWriter(disk, path, Folded(SESSION)) as sealed:
        for line in found:
            sealed.add(line)
        sealed.finish()


def seal(disk: Disk, found: list[bytes], path: Path = SEALED) -> bytes:
    """Write a sealed log; give its bytes."""
    write_sealed(disk, found, path)
    file = disk.open(path)
    content = file.read(0, file.size())
    file.close()
    return content


def read_lines(disk: Disk, path: Path) -> list[bytes]:
    with open_reader(disk, path) as reader:
        return [line for line, _ in reader.events()]
