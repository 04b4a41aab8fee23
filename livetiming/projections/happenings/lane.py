"""One car and the pit lane: when it came in, when it went out, by crossings and by its state."""

from __future__ import annotations

from livetiming.projections.happenings.kinds import PitIn, PitOut
from livetiming.projections.happenings.moment import Moment
from livetiming.racing import CarState

IN_PIT = frozenset((CarState.PIT, CarState.FUEL))
ON_TRACK = frozenset((CarState.RUN, CarState.OUT))


class Lane:
    """Where a car is, and how its present lap has to do with the pit lane.

    Args:
        car: its id.
    """

    __slots__ = (
        "_car",
        "_has_crossed",
        "began_in",
        "came_in",
        "driver",
        "is_in",
        "num",
        "went_out",
    )

    def __init__(self, car: str) -> None:
        self._car = car
        self.num = car
        self.driver: str | None = None
        self.is_in = self.began_in = self.came_in = self.went_out = False
        self._has_crossed = False
        """Whether it crossed the line in the pit lane since it came in."""

    @property
    def is_out_lap(self) -> bool:
        """Whether the present lap began in the pit lane, or the car left it."""
        return self.began_in or self.went_out

    def begin_lap(self) -> None:
        """A lap was completed."""
        self.began_in = self.is_in
        self.came_in = self.went_out = False

    def be_in(self) -> None:
        """It was in the pit lane before anybody looked."""
        self.is_in = self.began_in = True

    def come_in(self, now: Moment, at: int, lap: int | None, *, is_timed: bool) -> None:
        """It comes in, unless it is in already.

        Args:
            now: takes the happening.
            at: when.
            lap: on which lap.
            is_timed: whether that is the instant.
        """
        if not self.is_in:
            self.is_in = self.came_in = True
            self._has_crossed = False
            now.found.append(PitIn(self._car, self.num, at, lap, is_timed, self.driver))

    def go_out(self, now: Moment, at: int, *, is_timed: bool) -> None:
        """It goes out, unless it is out already; see `come_in`."""
        if self.is_in:
            self.is_in = False
            self.went_out = True
            now.found.append(PitOut(self._car, at, is_timed, self.driver))

    def cross(
        self, now: Moment, at: int, lap: int | None, *, in_lane: bool, is_shown_in: bool
    ) -> None:
        """It crosses the finish line, which says where it is, but not since when.

        Args:
            now: takes the happenings.
            at: when.
            lap: that ends there.
            in_lane: whether it does so in the pit lane, as the crossing says.
            is_shown_in: whether its state says so; feeds that know no lanes have that alone.
        """
        if in_lane and self.is_in and self._has_crossed:
            self.go_out(now, at, is_timed=False)
        if in_lane or is_shown_in:
            self.come_in(now, at, lap, is_timed=False)
            self._has_crossed = self._has_crossed or in_lane
        else:
            self.go_out(now, at, is_timed=False)
