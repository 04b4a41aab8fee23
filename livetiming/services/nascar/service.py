"""Which documents to ask for: the pit and flag feeds of the race that the live feed shows.

The stock transport asks for a fixed list, but their addresses are only known once the live feed has
named its race, and change with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure

from livetiming.services import BadFrame, Deliver, read_json
from livetiming.services.nascar import addresses
from livetiming.services.nascar.addresses import BESIDE_S, HOST, LIVE_S, MAX_RACE, MAX_SERIES
from livetiming.services.nascar.fields import record, whole
from livetiming.services.transports import HttpPolling, Poll


class RacePolling:
    """Asks for the live feed, and for the pit and flag feeds of its race.

    Args:
        base: where the documents are, without a slash at the end.
        race: series and race id; `None` for whatever is on.
        live_s: from one look at the live feed to the next, in seconds.
        beside_s: the same for the pit and flag feeds.
    Raises: `BadArgument` where the base is no http or https address.
    """

    def __init__(
        self,
        base: str,
        race: tuple[int, int] | None,
        *,
        live_s: float = LIVE_S,
        beside_s: float = BESIDE_S,
    ) -> None:
        self._base = base.rstrip("/")
        self._race = race
        live = addresses.CURRENT if race is None else addresses.live(*race)
        self._live = self._polling({live: live_s}, required=True)
        self._beside_s = beside_s
        self._beside: Deferred[None] | None = None
        self._asked: tuple[int, int] | None = None

    def _polling(self, every_s: Mapping[str, float], *, required: bool) -> HttpPolling:
        """A mirror that the operator names may be in his own network."""
        polls = [
            Poll(channel, f"{self._base}/{channel}.json", pause_s, required)
            for channel, pause_s in every_s.items()
        ]
        return HttpPolling(polls, allow_private=self._base != HOST)

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """See `Transport`: the feed is lost with the live feed, and only with that."""

        def take(channel: str, data: str | bytes) -> None:
            deliver(channel, data)
            self._follow(reactor, deliver, self._race or race_in(data))

        try:
            await self._live.run(reactor, take)
        finally:
            self._leave()

    def _follow(self, reactor: Any, deliver: Deliver, race: tuple[int, int] | None) -> None:
        if race is None or race == self._asked:
            return
        self._leave()
        self._asked = race
        asked = {addresses.stops(*race): self._beside_s, addresses.flags(*race): self._beside_s}
        polling = self._polling(asked, required=False)
        self._beside = Deferred.fromCoroutine(polling.run(reactor, deliver))
        self._beside.addErrback(_cancelled)

    def _leave(self) -> None:
        beside, self._beside, self._asked = self._beside, None, None
        if beside is not None:
            beside.cancel()


def _cancelled(failure: Failure) -> None:
    failure.trap(CancelledError)  # type: ignore[no-untyped-call]


def race_in(data: str | bytes) -> tuple[int, int] | None:
    """Series and race id of a live feed; `None` where it names none."""
    try:
        feed = record(read_json(data))
    except BadFrame:
        return None
    series, race = whole(feed, "series_id"), whole(feed, "race_id")
    if series is None or race is None:
        return None
    return (series, race) if 0 < series <= MAX_SERIES and 0 < race <= MAX_RACE else None
