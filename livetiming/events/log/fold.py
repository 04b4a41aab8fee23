"""How the events of a log add up, so that not only sessions can be kept in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from typing_extensions import TypeVar

from livetiming.events.apply import VERSION, apply
from livetiming.events.model import Event
from livetiming.events.state import State, as_json, canonical, from_json

S = TypeVar("S", default=State)
"""What a log folds to: the state of a session, unless another kind of log is meant."""


@dataclass(frozen=True)
class Fold(Generic[S]):
    """The rules of one kind of log.

    Args:
        version: of these rules and of the log's format; a snapshot of another one is not trusted.
        start: makes the state before the first event.
        apply: makes the state after an event of the one before it, which it may use up; raises
            `BadState` where the event does not fit.
        as_json: writes a state as it stands in a snapshot line.
        from_json: reads it; raises `BadState`.
        canonical: writes a state so that equal states have equal text.
    """

    version: int
    start: Callable[[], S]
    apply: Callable[[S, Event], S]
    as_json: Callable[[S], bytes]
    from_json: Callable[[bytes], S]
    canonical: Callable[[S], bytes]


TIMING = Fold(VERSION, State, apply, as_json, from_json, canonical)
"""Of a session."""
