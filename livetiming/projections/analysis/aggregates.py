"""The aggregates by name: pure functions of the base rows that hold, and of the instant.

Each of them exists in TypeScript too, and both pass the vectors in tests/vectors/analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.projections.analysis.bests import Fastest, bests
from livetiming.projections.analysis.car_states import StateCount, car_states
from livetiming.projections.analysis.classification import Classified, classification
from livetiming.projections.analysis.drivers import Driver, drivers
from livetiming.projections.analysis.flag_shares import FlagShare, flag_shares
from livetiming.projections.analysis.gaps import Gap, gaps
from livetiming.projections.analysis.predictions import Prediction, predictions
from livetiming.projections.analysis.stints import Stint, stints
from livetiming.projections.analysis.theoretical import Theoretical, theoretical


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
    "flag_shares": Aggregate(FlagShare, flag_shares),
    "classification": Aggregate(Classified, classification),
    "bests": Aggregate(Fastest, bests),
    "theoretical": Aggregate(Theoretical, theoretical),
    "gaps": Aggregate(Gap, gaps),
    "car_states": Aggregate(StateCount, car_states),
    "predictions": Aggregate(Prediction, predictions),
}
