"""What must hold for every two pictures of a session, however they were made."""

from __future__ import annotations

import copy
from typing import Any

import msgspec

from livetiming.events import (
    Board,
    Changed,
    Event,
    Picture,
    State,
    apply,
    decode,
    diff,
    encode,
    state_hash,
)
from livetiming.events.state import canonical

AT = 1_781_445_600_000


def state_of(picture: Board) -> State:
    return State(
        cars=copy.deepcopy(picture.cars),
        order=list(picture.order),
        session=copy.deepcopy(picture.session),
    )


def typed(value: Any) -> Any:
    """A value with the types of all its parts: `1`, `1.0` and `True` differ."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value), [typed(item) for item in value]
    if isinstance(value, msgspec.Struct):
        return type(value), [typed(getattr(value, name)) for name in value.__struct_fields__]
    return type(value), value


def check_same(left: State, right: State) -> None:
    assert canonical(left) == canonical(right)
    assert left.order == right.order
    assert typed(left.cars) == typed(right.cars)
    assert typed(left.session) == typed(right.session)


def check_pair(known: Picture, seen: Picture) -> tuple[bytes, str] | None:
    """Hold `diff`, `apply` and the codec to their promises for two clean pictures.

    Returns: the line that leads from one to the other and the hash after it, if there is one.
    """
    change = diff(known, seen)
    if change is None:
        check_same(state_of(known), state_of(seen))
        return None
    check_window(known, seen, change)
    event = Event(1, AT, change)
    line = encode(event)
    again = decode(line)
    assert encode(again) == line
    after = apply(state_of(known), again)
    check_same(after, state_of(seen))
    check_same(apply(state_of(known), event), after)
    assert diff(after, seen) is None
    return line, state_hash(after)


def check_window(known: Picture, seen: Picture, change: Changed) -> None:
    """No shorter order would do, and a car is named only where something of it changed."""
    stayed = [car for car in known.order if car in seen.cars]
    if change.order is None:
        assert stayed == seen.order
        return
    start, ids = change.order
    grew = len(seen.order) > len(stayed)
    assert start == len(stayed) or stayed[start] != ids[0]
    if grew:
        assert start + len(ids) == len(seen.order)
    else:
        assert stayed[start + len(ids) - 1] != ids[-1]
