"""Sector times: which are of the lap under way, which are old, and what each is worth."""

from __future__ import annotations

from collections.abc import Iterable

from livetiming.events import Cells
from livetiming.racing import Mark
from livetiming.services.cells import marked, put


class SectorTimes:
    """The sector times of one car; `FastestSectors` sets its cells `s1`, `s2` … from them.

    Args:
        cells: of the car.
        with_bests: whether its best times are shown too, in `bs1`, `bs2` ….
    """

    def __init__(self, cells: Cells, *, with_bests: bool = False) -> None:
        self._cells = cells
        self._with_bests = with_bests
        self._times_us: dict[int, int] = {}
        self._bests_us: dict[int, int] = {}
        self._done: set[int] = set()
        self.changed: set[int] = set()
        """Sectors whose cells are not up to date."""

    def best_us(self, sector: int) -> int | None:
        """The best time in a sector."""
        return self._bests_us.get(sector)

    def complete(self, sector: int, time_us: int | None, *, is_again: bool = False) -> None:
        """A sector is done: the first of a lap makes those of the lap before old ones.

        Args:
            sector: its number, from 1.
            time_us: how long it took, where that is known.
            is_again: whether that was told before, perhaps with another time.
        """
        if not is_again:
            self._begin_or_go_on(sector)
        self.changed.add(sector)
        if time_us is None:
            self._times_us.pop(sector, None)
            return
        self._times_us[sector] = time_us
        self._bests_us[sector] = min(self._bests_us.get(sector, time_us), time_us)

    def _begin_or_go_on(self, sector: int) -> None:
        if self._done and sector <= max(self._done):
            self.changed |= self._done
            self._done = set()
        self._done.add(sector)

    def set_best(self, sector: int, time_us: int) -> None:
        """The best time in a sector, as the feed tells it."""
        self._bests_us[sector] = time_us
        self.changed.add(sector)

    def keep(self, count: int) -> None:
        """The track has but so many sectors: what stands in others goes."""
        for sector in [n for n in self._bests_us if n > count]:
            del self._bests_us[sector]
            self._times_us.pop(sector, None)
            self.changed.add(sector)

    def show(self, sector: int, fastest_us: int | None) -> None:
        """Bring the cells of a sector up to date.

        Args:
            sector: its number.
            fastest_us: the best time of all cars in it.
        """
        self.changed.discard(sector)
        best_us = self._bests_us.get(sector)
        if self._with_bests:
            best_mark = Mark.SB if best_us == fastest_us else None
            put(self._cells, f"bs{sector}", marked(best_us, best_mark))
        mark = self._mark(sector, fastest_us)
        put(self._cells, f"s{sector}", marked(self._times_us.get(sector), mark))

    def _mark(self, sector: int, fastest_us: int | None) -> Mark | None:
        time_us = self._times_us.get(sector)
        if sector not in self._done:
            return Mark.OLD
        if time_us == fastest_us:
            return Mark.SB
        return Mark.PB if time_us == self._bests_us.get(sector) else None


class FastestSectors:
    """The best time of all cars in each sector, as it was when it was last shown."""

    def __init__(self) -> None:
        self._fastest_us: dict[int, int | None] = {}

    def show(self, cars: Iterable[SectorTimes]) -> None:
        """Bring the sector cells of all cars up to date: where something changed, and no more."""
        all_times = list(cars)
        for sector in sorted({sector for times in all_times for sector in times.changed}):
            known = (times.best_us(sector) for times in all_times)
            fastest_us = min((best_us for best_us in known if best_us is not None), default=None)
            is_faster = self._fastest_us.get(sector) != fastest_us
            self._fastest_us[sector] = fastest_us
            for times in all_times:
                if is_faster or sector in times.changed:
                    times.show(sector, fastest_us)
