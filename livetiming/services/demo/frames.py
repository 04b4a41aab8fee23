"""What a frame of the demo's own feed looks like, field by field.

A frame is one line of JSON. The first one tells all (`race`), each later one what is new (`beat`),
the last one that the race is over (`end`).
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from livetiming.events import Cell

Natural = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Rows = dict[str, dict[str, Cell | None]]
"""Cells by car and column; null clears one."""
Fields = dict[str, str | int | float]


class Clocks(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The race's clocks as of the frame they stand in, microseconds."""

    elapsed_us: Natural
    remaining_us: Natural
    runs: bool


class Crossing(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A car crossed a line, at an instant in epoch ms."""

    at: Natural
    car: str
    line: str
    lap: Natural
    lap_us: Natural | None
    total_us: Natural | None
    driver: str


class Note(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A message of race control, of an instant in epoch ms."""

    at: Natural
    category: str
    text: str
    style: str | None
    car: str | None


class Beat(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="beat"
):
    """What is new since the frame before.

    Args:
        at: epoch ms.
        clock: now.
        cars: new cells by car and column; null clears one.
        order: the cars in order, where it changed.
        fields: all values of the session, where one changed.
        passed: crossings.
        notes: messages.
    """

    at: Natural
    clock: Clocks
    cars: Rows = {}
    order: list[str] | None = None
    fields: Fields | None = None
    passed: list[Crossing] = []
    notes: list[Note] = []


class Start(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="race"):
    """Everything at one instant, for whoever joins: the race, its table, the latest messages."""

    at: Natural
    key: str
    name: str
    description: str
    venue: str
    timezone: str
    clock: Clocks
    cars: Rows
    order: list[str]
    fields: Fields
    notes: list[Note]


class End(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="end"):
    """The race is over, and so is the feed."""

    at: Natural
