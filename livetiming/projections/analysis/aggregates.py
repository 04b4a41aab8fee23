"""The aggregates by name: pure functions of the base rows that hold, and of the instant.

Each of them exists in TypeScript too, and both pass the vectors in tests/vectors/analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.projections.analysis.drivers import Driver, drivers
from livetiming.projections.analysis.stints import Stint, stints


class Aggregate(NamedTuple):
    """One aggregate.

    Args:
        row: type of its rows.
        rows: folds them of the base rows that hold at an instant.
    """

    row: type[msgspec.Struct]
    rows: Callable[[Holding, int], Sequence[Any]]


AGGREGATES: dict[str, Aggregate] = {
    "stints": Aggregate(Stint, stints),
    "drivers": Aggregate(Driver, drivers),
}
