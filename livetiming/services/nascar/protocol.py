"""The NASCAR parser: documents in, sessions, crossings, messages and the picture out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from livetiming.events import Picture
from livetiming.racing import Kind
from livetiming.services import (
    BadFrame,
    Finished,
    Frame,
    SessionSeen,
    Strange,
    Update,
    read_json,
)
from livetiming.services.nascar.addresses import Address, Document, read
from livetiming.services.nascar.earlier import Earlier
from livetiming.services.nascar.fields import Fields, count, instant, record, whole
from livetiming.services.nascar.flag_feed import flag_records, take_flags
from livetiming.services.nascar.flags import STARTED
from livetiming.services.nascar.lap_times import LapTimes
from livetiming.services.nascar.live import Live, is_over
from livetiming.services.nascar.pit_feed import stop_records, take_stops
from livetiming.services.nascar.run import Run
from livetiming.services.nascar.sessions import describe_race, describe_run
from livetiming.services.nascar.weekend import Weekend, read_weekend

STALE_MS = 10 * 60_000
"""A look that is older than the last by less than this was late; by more, the feed has changed."""

_BESIDE = (Document.FLAGS, Document.STOPS)
"""Flags first: they tell when the stops were. Stops may be of cars that come later."""


class NascarParser:
    """Follows one feed over all its sessions.

    Pit and flag feeds that come before the live feed of their race wait for it.
    """

    def __init__(self) -> None:
        self._strange = Strange()
        self._weekend = Weekend({})
        self._earlier = Earlier()
        self._said: SessionSeen | None = None
        self._run = Run(is_race=False, strange=self._strange)
        self._live: Live | None = None
        self._laps: LapTimes | None = None
        self._race: int | None = None
        self._run_key = ""
        self._again = 0
        self._over_s: int | None = None
        self._made_at: int | None = None
        self._beside: dict[Document, tuple[int | None, list[Fields]]] = {}
        self._readers: dict[Document, Callable[[Any, Address, int], Iterator[Update]]] = {
            Document.LIVE: self._read_live,
            Document.STOPS: self._read_stops,
            Document.FLAGS: self._read_flags,
            Document.LAPS: self._read_laps,
            Document.WEEKEND: self._read_weekend,
        }

    def picture(self) -> Picture:
        """The board now."""
        return self._run.board.picture

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a document."""
        address = read(frame.channel)
        if address is None:
            self._strange.meet("document", frame.channel)
        else:
            yield from self._readers[address.document](read_json(frame.data), address, frame.at)
        self._strange.tell()

    def _read_live(self, document: Any, _address: Address, at: int) -> Iterator[Update]:
        feed = record(document)
        race = whole(feed, "race_id")
        if race is None or not isinstance(feed.get("vehicles"), list):
            raise BadFrame("live feed", f"expected race_id and vehicles, got {str(feed)[:60]!r}")
        made_at = instant(feed, "time_of_day_os")
        if self._is_late(made_at) or (self._laps is not None and race == self._race):
            return
        self._made_at = made_at
        self._go_on(feed, race)
        seen = describe_run(feed, race, self._again)
        if seen != self._said:
            yield seen
        is_other = self._live is None or self._said is None or seen.key != self._said.key
        if is_other:
            self._open(race, is_race=seen.kind is Kind.RACE)
            self._live = Live(self._run, self._strange)
        self._said = seen
        if self._live is not None:
            yield from self._live.show(feed, at, made_at)
        yield from self._take(*(_BESIDE if is_other else _BESIDE[1:]))
        if is_over(feed, is_race=seen.kind is Kind.RACE) and self._over_s is None:
            self._over_s = count(feed, "elapsed_time") or 0
            yield Finished()

    def _is_late(self, made_at: int | None) -> bool:
        """Servers between us and the feed may hand out an older document after a newer one."""
        if made_at is None or self._made_at is None:
            return False
        return self._made_at - STALE_MS < made_at < self._made_at

    def _go_on(self, feed: Fields, race: int) -> None:
        """A run that goes on after it was over is another session: the log before is closed."""
        run_key = f"{race}-{whole(feed, 'run_id') or 0}"
        if run_key != self._run_key:
            self._run_key, self._again, self._over_s = run_key, 0, None
        elif self._over_s is not None and _is_beyond(feed, self._over_s):
            self._again, self._over_s = self._again + 1, None

    def _open(self, race: int | None, *, is_race: bool) -> None:
        if race != self._race or self._said is None:
            self._earlier = Earlier()
        else:
            self._earlier.next_run()
        self._race = race
        self._run = Run(is_race=is_race, strange=self._strange)
        self._live = self._laps = None

    def _read_stops(self, document: Any, address: Address, _at: int) -> Iterator[Update]:
        self._beside[Document.STOPS] = address.race, stop_records(document)
        if self._said is not None:
            yield from self._take(Document.STOPS)
            self._run.board.picture.source_at = None

    def _read_flags(self, document: Any, address: Address, _at: int) -> Iterator[Update]:
        self._beside[Document.FLAGS] = address.race, flag_records(document)
        if self._said is not None:
            yield from self._take(Document.FLAGS)

    def _take(self, *documents: Document) -> Iterator[Update]:
        """Take what came beside, if it is of the race that is on."""
        for document in documents:
            race, entries = self._beside.get(document, (None, []))
            if race in (None, self._race):
                take = take_flags if document is Document.FLAGS else take_stops
                yield from take(entries, self._run, self._earlier)

    def _read_laps(self, document: Any, address: Address, at: int) -> Iterator[Update]:
        if self._live is not None and address.race in (None, self._race):
            return
        is_other = self._laps is None or address.race != self._race
        weekend = self._weekend
        if address.race is not None and weekend.race not in (None, address.race):
            weekend = Weekend({})
        seen = describe_race(address.series, address.race, weekend)
        if is_other or seen != self._said:
            yield seen
        if is_other:
            self._open(address.race, is_race=True)
            self._laps = LapTimes(self._run, weekend)
        self._said = seen
        if self._laps is not None:
            yield from self._laps.show(document, at)
        if is_other:
            yield from self._take(*_BESIDE)

    def _read_weekend(self, document: Any, _address: Address, _at: int) -> Iterator[Update]:
        weekend = read_weekend(document)
        if weekend.race is None:
            raise BadFrame("weekend feed", f"expected a race, got {str(document)[:60]!r}")
        self._weekend = weekend
        yield from ()


def _is_beyond(feed: Fields, over_s: int) -> bool:
    """Whether a run is under way past the moment at which it was over."""
    is_under_way = whole(feed, "flag_state") in STARTED
    return is_under_way and (count(feed, "elapsed_time") or 0) > over_s
