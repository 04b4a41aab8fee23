"""From events to what they meant."""

from __future__ import annotations

from typing import assert_never

from livetiming.events import (
    Changed,
    Closed,
    Described,
    Event,
    Feed,
    FeedStatus,
    Passed,
    Posted,
    State,
    Unknown,
)
from livetiming.events.model import CellChange
from livetiming.projections.happenings.bests import Bests
from livetiming.projections.happenings.car import NOTED, Car
from livetiming.projections.happenings.cells import leader_laps
from livetiming.projections.happenings.counting import WAIT_MS
from livetiming.projections.happenings.kinds import (
    Happening,
    LapCompleted,
    LapCorrected,
    LapTakenBack,
    Message,
    PlaceChanged,
    SessionClosed,
    SessionReopened,
    Waits,
)
from livetiming.projections.happenings.moment import Moment
from livetiming.projections.happenings.race import Race


class Interpreter:
    """Follows the events of one session, from its first or from a snapshot on."""

    def __init__(self) -> None:
        self._now = Moment()
        self._cars: dict[str, Car] = {}
        self._race = Race()
        self._bests = Bests()
        self._crossed: dict[str, list[Passed]] = {}
        """Crossings of one instant, which wait for the change of that instant."""
        self._crossed_at = 0
        self._waiting: dict[str, int] = {}
        """Until when cars wait for the other half of a lap, soonest first."""

    def begin(self, state: State, at: int) -> list[Happening]:
        """Begin at a snapshot: all of it is a first look.

        Args:
            state: in the snapshot.
            at: its instant.
        """
        order = (0, tuple(state.order)) if state.order else None
        cars = {car: dict[str, CellChange](cells) for car, cells in state.cars.items()}
        return self.step(Event(0, at, Changed(cars, (), order, {**state.session})), state)

    def step(self, event: Event, state: State) -> list[Happening]:
        """See what an event meant.

        Args:
            event: the next one.
            state: of the session after it; read only.
        Returns: what happened, or became known, in order. An event that gives nothing changes
            nothing here either, but for what of it will be read later.
        """
        now, at, payload = self._now, event.at, event.payload
        now.at, now.state = at, state
        if self._crossed and at > self._crossed_at:
            self._settle(now)
        if self._waiting and at >= next(iter(self._waiting.values())):
            self._expire(now, at)
        if type(payload) is Changed:
            self._changed(payload, now)
        else:
            self._take(event, now)
        if not now.found:
            return []
        self._follow_up(now)
        found, now.found = now.found, []
        return found

    def _take(self, event: Event, now: Moment) -> None:
        payload = event.payload
        match payload:
            case Changed():
                self._changed(payload, now)
            case Passed():
                self._crossed.setdefault(payload.car, []).append(payload)
                self._crossed_at = event.at
            case Posted():
                now.found.append(
                    Message(event.at, payload.category, payload.text, payload.style, payload.car,
                            payload.origin.value)
                )  # fmt: skip
            case Described():
                self._race.measure(now)
            case Feed():
                if payload.status is FeedStatus.RESUMED:
                    now.found.append(SessionReopened(event.at))
            case Closed():
                self._settle(now)
                self._expire(now, None)
                now.found.append(SessionClosed(event.at, self._leader_laps(now)))
            case Unknown():
                pass
            case _:
                assert_never(payload)

    def _changed(self, change: Changed, now: Moment) -> None:
        told = change.cars
        for id_ in change.removed:
            self._leave(id_, now)
        if change.order is not None or change.removed:
            self._place(change, now)
        if change.session or not self._race.has_begun:
            self._race.look(now, self._leader_laps(now))
        if self._crossed:
            for id_ in [id_ for id_ in self._crossed if told.get(id_)]:
                self._cross(id_, self._crossed.pop(id_), now)
        may_be_new = change.order is not None
        for id_ in told:
            changes = told[id_]
            if not NOTED.isdisjoint(changes) or (
                may_be_new and changes and not self._car(id_).is_present
            ):
                self._car(id_).look(changes, now)

    def _leader_laps(self, now: Moment) -> int | None:
        """Laps that the leader had completed before the present change.

        So a lap that ends as the flag changes is one under the new flag, as its own row says.
        """
        order = now.state.order
        car = self._cars.get(order[0]) if order else None
        if car is None or car.counting.laps is not None:
            return leader_laps(now.state) if car is None else car.counting.laps
        crossed = self._crossed.get(car.id)
        lap = crossed[0].lap if crossed else None
        return lap - 1 if lap else leader_laps(now.state)

    def _leave(self, id_: str, now: Moment) -> None:
        car = self._cars.get(id_)
        if car is not None and car.is_present:
            car.leave(now)

    def _place(self, change: Changed, now: Moment) -> None:
        order = now.state.order
        start, count = (0, len(order))
        if change.order is not None and not change.removed:
            start, count = change.order[0], len(change.order[1])
        for place, id_ in enumerate(order[start : start + count], start + 1):
            car = self._car(id_)
            before, car.place = car.place, place
            if before != place:
                now.found.append(PlaceChanged(id_, now.at, before, place))

    def _car(self, id_: str) -> Car:
        car = self._cars.get(id_)
        if car is None:
            car = self._cars[id_] = Car(id_)
        return car

    def _settle(self, now: Moment) -> None:
        """No change of their instant names these cars: their crossings stand alone."""
        crossed, self._crossed = self._crossed, {}
        for id_, crossings in crossed.items():
            self._cross(id_, crossings, now)

    def _cross(self, id_: str, crossings: list[Passed], now: Moment) -> None:
        car, last = self._car(id_), crossings[-1]
        for passed in crossings:
            now.trusts_crossings = now.trusts_crossings or bool(passed.lap)
            car.cross(passed, self._crossed_at, now, is_last=passed is last)

    def _expire(self, now: Moment, at: int | None) -> None:
        """Wait no longer for what should have come by an instant, or for anything."""
        due = [car for car, until in self._waiting.items() if at is None or until <= at]
        for id_ in due:
            del self._waiting[id_]
            if self._cars[id_].counting.waits:
                self._cars[id_].expire(now)

    def _follow_up(self, now: Moment) -> None:
        """What a happening means for other things than its car."""
        is_mended = False
        for happening in now.found.copy():
            if type(happening) is LapCompleted:
                self._bests.offer(happening.lap, now.found)
            elif type(happening) is Waits:
                self._waiting.pop(happening.car, None)
                self._waiting[happening.car] = now.at + WAIT_MS
            elif type(happening) is LapCorrected or type(happening) is LapTakenBack:
                is_mended = True
        if is_mended:
            cars = self._cars.values()
            self._bests.begin_again(done.lap for car in cars for done in car.counting.done.values())
