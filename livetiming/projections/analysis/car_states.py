"""How many cars are doing what?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.racing import CarState


class StateCount(msgspec.Struct, frozen=True, gc=False):
    """How many cars do the same.

    Args:
        state: what they do.
        cars: how many.
    """

    state: str
    cars: int


def car_states(base: Holding, _at: int) -> list[StateCount]:
    """Count them, in the order in which states are listed; what no car does is left out."""
    states = [row.state for row in base.states]
    counts = ((state.value, states.count(state.value)) for state in CarState)
    return [StateCount(state, cars) for state, cars in counts if cars]
