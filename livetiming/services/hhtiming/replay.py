"""The `.hhreplay` form: session, entries and passages, from which the table is made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from livetiming.events import Clock
from livetiming.services import Strange, Update
from livetiming.services.hhtiming.car import Car
from livetiming.services.hhtiming.crossings import Lap
from livetiming.services.hhtiming.replay_lines import Entry, Other, Passage, Start, read
from livetiming.services.hhtiming.scene import Scene
from livetiming.services.hhtiming.table import MAX_SECTORS

CHANNEL = "replay"
"""The channel of these frames: those of the TCP feed have none."""
MAX_KNOWN = 5_000
MAX_KMH = 1_000
_INTERMEDIATE = re.compile(r"I(\d{1,2})", re.ASCII)


class ReplayReader:
    """Reads the documents of a stored session.

    Args:
        scene: what they change.
        strange: told of what is unknown.
    """

    def __init__(self, scene: Scene, strange: Strange) -> None:
        self._scene = scene
        self._strange = strange
        self._started_us: int | None = None
        self._drivers: dict[str, dict[str, str]] = {}
        self._known: dict[str, None] = {}

    def read(self, data: str | bytes, at: int) -> Iterator[Update]:
        """Read a document.

        Raises: `BadFrame` where it cannot be read.
        """
        record = read(data)
        if not isinstance(record, Start):
            yield from self._scene.describe()
        match record:
            case Start():
                yield from self._start(record, at)
            case Entry():
                self._enter(record)
            case Passage():
                yield from self._pass(record, at)
            case Other():
                self._strange.meet("document", record.name)

    def _start(self, start: Start, at: int) -> Iterator[Update]:
        session, before = self._scene.session, self._scene.session.key
        words = (start.competition, start.meeting, start.session, start.started_at)
        session.key = " ".join(word for word in words if word) or before
        session.event = " ".join(word for word in words[:2] if word)
        session.description, session.type_ = start.session, None
        session.venue = start.track or None
        if before is None or before == session.key:
            yield from self._scene.describe()
        else:
            yield from self._scene.begin(at)
            self._drivers, self._known = {}, {}
        self._started_us = start.started_us

    def _enter(self, entry: Entry) -> None:
        car = self._scene.board.enter(entry.bib, entry.bib)
        car.put("class", entry.class_ or None)
        car.put("team", entry.team or None)
        car.put("car", entry.car or None)
        self._drivers[entry.bib] = entry.drivers
        if len(entry.drivers) == 1:
            car.put("driver", next(iter(entry.drivers.values())))

    def _pass(self, passage: Passage, at: int) -> Iterator[Update]:
        """A passage that is told again changes nothing."""
        car = self._scene.board.enter(passage.bib, passage.bib)
        if self._is_known(passage):
            return
        name = self._drivers.get(passage.bib, {}).get(passage.driver)
        if name:
            car.put("driver", name)
        if passage.speed_kmh is not None and 0 < passage.speed_kmh < MAX_KMH:
            yield from self._scene.speed(car, passage.speed_kmh)
        total_us = self._total_us(passage)
        if total_us is not None:
            self._scene.board.picture.session["elapsed"] = Clock(total_us, at, runs=True)
        yield from self._cross(car, passage, total_us, at)

    def _is_known(self, passage: Passage) -> bool:
        is_known = passage.id in self._known
        if passage.id:
            self._known[passage.id] = None
            if len(self._known) > MAX_KNOWN:
                del self._known[next(iter(self._known))]
        return is_known

    def _total_us(self, passage: Passage) -> int | None:
        if passage.at_us is None or self._started_us is None:
            return None
        return max(0, passage.at_us - self._started_us)

    def _cross(self, car: Car, passage: Passage, total_us: int | None, at: int) -> Iterator[Update]:
        intermediate = _INTERMEDIATE.fullmatch(passage.strip)
        if passage.strip == "F":
            self._sector(car, self._scene.session.sectors, passage.sector_us, total_us)
            yield from self._finish(car, passage, total_us, at)
        elif passage.strip == "PI":
            yield from self._scene.pit_in(car, total_us)
        elif passage.strip == "PO":
            yield from self._scene.pit_out(car, total_us)
        elif intermediate and 1 <= int(intermediate[1]) < MAX_SECTORS:
            yield from self._pass_intermediate(car, int(intermediate[1]), passage, total_us)
        else:
            self._strange.meet("strip", passage.strip)

    def _finish(
        self, car: Car, passage: Passage, total_us: int | None, at: int
    ) -> Iterator[Update]:
        lap = Lap(passage.lap, passage.lap_us, total_us, car.in_pit)
        if self._scene.crossings.is_history(car, lap):
            return
        yield from self._scene.cross(car, lap, at)
        if passage.lap_us is not None:
            car.best_us = min(passage.lap_us, car.best_us or passage.lap_us)

    def _pass_intermediate(
        self, car: Car, number: int, passage: Passage, total_us: int | None
    ) -> Iterator[Update]:
        """The finish line ends the sector after the last intermediate."""
        if number >= self._scene.session.sectors:
            self._scene.session.sectors = number + 1
            yield from self._scene.describe()
        car.run()
        self._sector(car, number, passage.sector_us, total_us)
        before_us = car.passages_us.get(car.point)
        if total_us is not None and (before_us is None or total_us > before_us):
            car.reach((car.laps or 0, number), total_us)

    def _sector(self, car: Car, number: int, time_us: int | None, total_us: int | None) -> None:
        line = str(number)
        before_us = car.lines_us.get(line)
        if total_us is not None and before_us is not None and total_us <= before_us:
            return
        if total_us is not None:
            car.lines_us[line] = total_us
        car.complete(number, time_us, is_again=False)
