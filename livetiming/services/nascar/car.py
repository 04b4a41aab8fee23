"""One car, as far as the documents have told of it, and the cells that come of it."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import Cell, Cells, Laps, Passed
from livetiming.racing import CarState
from livetiming.services import lap_marks, marked
from livetiming.services.nascar.flags import STARTED
from livetiming.services.nascar.stops import Stops

RUNNING, OUT, PARKED = 1, 3, 6
"""What a vehicle's status means: 1 and 3 are seen in races, 6 is inferred."""
MAX_MISSED = 50
"""Laps that a car may complete between two looks; more is a correction."""


class Car:
    """What is known of a car; all of it may be missing, and any of it may be corrected."""

    def __init__(self, id_: str) -> None:
        self.id = id_
        self.number = ""
        self.driver = ""
        self.make = ""
        self.position: int | None = None
        self.grid: int | None = None
        self.laps: int | None = None
        self.last_us: int | None = None
        self.best_us: int | None = None
        self.total_us: int | None = None
        """Race time at the last crossing of the line."""
        self.last_kmh: float | None = None
        self.best_kmh: float | None = None
        self.behind: int | Laps | None = None
        """Behind the leader, as the feed says."""
        self.led: int | None = None
        self.status: int | None = None
        self.is_on_track: bool | None = None
        self.has_finished = False
        self.stops = Stops()
        self.stops_told: int | None = None
        """How many the live feed tells of; else those that we know are counted."""

    def state(self, code: int | None) -> CarState | None:
        """What it does under this flag; `None` where nothing is shown."""
        if self.status == OUT or (self.status == PARKED and self.laps):
            return CarState.RETIRED
        if self.status == PARKED:
            return CarState.NOT_STARTED
        if self.has_finished:
            return CarState.FINISHED
        if self.status not in (None, RUNNING) or not (self.laps or code in STARTED):
            return None
        if self.stops.is_in(self.laps) or self.is_on_track is False:
            return CarState.PIT
        return CarState.RUN

    def cells(self, code: int | None, *, is_fastest: bool) -> Cells:
        """Its cells but for gaps.

        Args:
            code: the flag.
            is_fastest: whether its best lap is that of the session.
        """
        last, best = lap_marks(self.last_us, self.best_us, is_fastest=is_fastest)
        values: tuple[tuple[str, Cell | None], ...] = (
            ("num", self.number or None),
            ("state", self.state(code)),
            ("driver", self.driver or None),
            ("car", self.make or None),
            ("laps", self.laps),
            ("last", marked(self.last_us, last)),
            ("best", marked(self.best_us, best)),
            ("speed", self.last_kmh),
            ("best_speed", self.best_kmh),
            ("pits", len(self.stops) if self.stops_told is None else self.stops_told),
            ("led", self.led),
            ("grid", self.grid),
        )
        return {column: value for column, value in values if value is not None}

    def complete(
        self, laps: int | None, last_us: int | None, total_us: int | None
    ) -> Iterator[Passed]:
        """Take its laps, up or down.

        Returns: a crossing for each lap that was completed since; of those that fell between two
            looks, what is known. There are none at the first look: nobody saw them happen.
        """
        before, since_us = self.laps, self.total_us
        self.laps, self.last_us, self.total_us = laps, last_us, total_us
        if before is None or laps is None or not before < laps <= before + MAX_MISSED:
            return
        for lap in range(before + 1, laps):
            yield self._missed(lap, laps, before, since_us)
        yield self._crossing(laps, last_us, total_us)

    def _missed(self, lap: int, laps: int, before: int, since_us: int | None) -> Passed:
        """The lap before the last ended when the last began; alone, it also began at the look."""
        if lap < laps - 1 or self.total_us is None or self.last_us is None:
            return self._crossing(lap, None, None)
        total_us = self.total_us - self.last_us
        if since_us is None or total_us <= since_us:
            return self._crossing(lap, None, None)
        return self._crossing(lap, total_us - since_us if lap == before + 1 else None, total_us)

    def _crossing(self, lap: int, lap_us: int | None, total_us: int | None) -> Passed:
        in_pits = self.stops.is_in(lap) if total_us is None else self.stops.covers(total_us, lap)
        line = "finish_pit" if in_pits else "finish"
        return Passed(self.id, line, lap, lap_us, total_us)
