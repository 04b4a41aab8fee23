"""A base table: its rows are never deleted, and say when they became known and were withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec

Row = TypeVar("Row", bound=msgspec.Struct)
Changes = dict[str, list[int]]
"""By table, the numbers of the rows that are new or were withdrawn."""
_HELD = ("known_at", "withdrawn_at")


def columns_of_row(row: type[msgspec.Struct]) -> tuple[str, ...]:
    """The columns of a row type, as they are called outside."""
    return tuple(field.name.removesuffix("_") for field in msgspec.structs.fields(row))


class Table(Generic[Row]):
    """A base table.

    Args:
        name: of the table.
        row: type of its rows.
    """

    def __init__(self, name: str, row: type[Row]) -> None:
        self.changes: Changes = {}
        """Takes the numbers of rows that are new or were withdrawn; all tables share one."""
        self.name = name
        self.columns = columns_of_row(row) + _HELD
        self.rows: list[Row] = []
        self.known: list[int] = []
        self.withdrawn: dict[int, int] = {}
        """By row number; the few that were."""

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, row: Row, at: int) -> int:
        """Add a row that became known at an instant.

        Returns: its number.
        """
        number = len(self.rows)
        self.rows.append(row)
        self.known.append(at)
        changes, name = self.changes, self.name
        if name in changes:
            changes[name].append(number)
        else:
            changes[name] = [number]
        return number

    def withdraw(self, number: int, at: int) -> None:
        """A row no longer holds."""
        self.withdrawn[number] = at
        noted = self.changes.setdefault(self.name, [])
        if number not in noted:
            noted.append(number)

    def row(self, number: int) -> list[Any]:
        """A row in column order."""
        return [
            *msgspec.structs.astuple(self.rows[number]),
            self.known[number],
            self.withdrawn.get(number),
        ]

    def numbers(self, at: int | None) -> Sequence[int]:
        """The rows that were known at an instant, withdrawn or not; of late all."""
        if at is None:
            return range(len(self.rows))
        return [number for number, known_at in enumerate(self.known) if known_at <= at]

    def as_of(self, at: int | None) -> list[list[Any]]:
        """The rows that were known at an instant, as they stood then, in column order."""
        rows = [self.row(number) for number in self.numbers(at)]
        if at is not None:
            for row in rows:
                row[-1] = None if row[-1] is None or row[-1] > at else row[-1]
        return rows

    def holding(self, at: int | None) -> list[Row]:
        """The rows that held at an instant; `None` is now."""
        withdrawn, rows = self.withdrawn, self.rows
        if at is None:
            return [row for number, row in enumerate(rows) if number not in withdrawn]
        return [rows[number] for number in self.numbers(at) if withdrawn.get(number, at + 1) > at]
