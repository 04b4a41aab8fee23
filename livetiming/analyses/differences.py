"""What is otherwise in an analysis than in the one that was made before."""

from __future__ import annotations

from typing import Any

import msgspec

from livetiming.analyses.stored import Stored, StoredTable

_KEYS = {"entries": ("car",), "laps": ("car", "lap"), "stops": ("car", "stop")}
_WHEN = ("known_at", "withdrawn_at")


class Changes(msgspec.Struct, frozen=True):
    """How many rows of one table came, went, and are otherwise."""

    added: int
    removed: int
    changed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


class Difference(msgspec.Struct, frozen=True):
    """What changed."""

    cars: Changes
    laps: Changes
    stops: Changes

    def __bool__(self) -> bool:
        return bool(self.cars or self.laps or self.stops)


def difference(before: Stored | None, after: Stored) -> Difference:
    """Compare two analyses of a recording by the rows that hold, column by column that both have.

    Args:
        before: the earlier one; everything is new where there was none.
        after: the later one.
    """
    found = (_changes(name, before, after) for name in _KEYS)
    return Difference(*found)


def _changes(name: str, before: Stored | None, after: Stored) -> Changes:
    tables = [None if stored is None else stored.tables.get(name) for stored in (before, after)]
    old, new = (_by_key(name, table) for table in tables)
    shared = _shared(*tables)
    return Changes(
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
        changed=sum(
            any(old[key].get(column) != new[key].get(column) for column in shared)
            for key in old.keys() & new.keys()
        ),
    )


def _by_key(name: str, table: StoredTable | None) -> dict[tuple[Any, ...], dict[str, Any]]:
    if table is None:
        return {}
    rows = (dict(zip(table.columns, row, strict=False)) for row in table.rows)
    held = (row for row in rows if row.get("withdrawn_at") is None)
    return {tuple(row.get(column) for column in _KEYS[name]): row for row in held}


def _shared(before: StoredTable | None, after: StoredTable | None) -> list[str]:
    """The columns of both; when a row became known is none of what it says."""
    if before is None or after is None:
        return []
    return [c for c in after.columns if c in before.columns and c not in _WHEN]
