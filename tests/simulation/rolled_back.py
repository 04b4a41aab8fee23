"""A service whose machine was rolled back: it does not know, and goes on as it was."""

from livetiming.services.clocks import SessionClock
from livetiming.services.host import TimingService
from livetiming.services.resuming import facts_of


class RolledBack(TimingService):
    """A service that does not know that its machine was rolled back: it goes on as it was."""

    def _take_stock(self, connection, log):
        self._go_on(log, None)

    def _go_on(self, log, stock):
        facts = facts_of(self._world, self._wishes.state_dir / log.session)
        keeper = self._logs.go_on(log)
        now = max(self._world.wall_clock(), keeper.place.at)
        self._clock = SessionClock(self._world.monotonic, now, self._rate)
        self._recorder.log = keeper
        self._recorder._news.known(facts)
        self._air._sessions[log.session].durable(b"")
        self._follow()
