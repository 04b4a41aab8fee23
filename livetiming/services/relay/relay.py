"""The service `relay`: follows another aggregator's list, and relays what is wanted of it."""

from __future__ import annotations

from typing import Any, Protocol

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.events import SessionId
from livetiming.network.connection import CallFailed, Connection, Kept
from livetiming.network.names import LIST, PUBLIC_DIRECTORY
from livetiming.network.wire import Announcement, BadMessage
from livetiming.services.air import Air
from livetiming.services.answering import Junk
from livetiming.services.api import ServiceRoom
from livetiming.services.on_air import Host
from livetiming.services.relay.attempts import Attempts, Over
from livetiming.services.relay.marks import sweep_marks
from livetiming.services.relay.neighbours import Neighbours
from livetiming.services.relay.offers import Offer, Wanted, choose, read_offers
from livetiming.services.relay.place import Place
from livetiming.services.relay.relayed import Relayed

TICK_S = 1.0
LIST_S = 30.0
"""After so long without a list it is asked for."""
AGAIN_S = (30.0, 60.0)
"""After so long a session is tried again that could not be relayed."""
SOON_S = (2.0, 4.0)
"""After so long one of which nobody could say whether it may be."""
PATIENCE_S = 15.0
"""So long a stopped relay waits for the disk."""


class Remote(Connection, Protocol):
    """The connection to the other side, which ends with the service."""

    def close(self) -> Deferred[None]:
        """Leave in order, and stay away."""


class Relay:
    """See `Service`.

    Args:
        room: what the host gives a service.
        remote: the connection to the other side.
        url: of its router.
        wanted: of its sessions.
    """

    _log = Logger()

    def __init__(self, room: ServiceRoom, remote: Remote, url: str, wanted: Wanted) -> None:
        world, wishes = room.world, room.wishes
        self._room = room
        self._world = world
        self._remote = remote
        self._wanted = wanted
        self._air = Air(
            world,
            room.connection,
            wishes.state_dir,
            "relay",
            Host(room.instance, world.wall_clock, lambda: None, lambda _: None, lambda _: None),
            longest_s=wishes.longest_s,
            expected=wishes.take_stock,
        )
        self._neighbours = Neighbours(world, room.connection, self._announced_here)
        self._place = Place(
            world,
            remote,
            wishes.state_dir,
            url,
            self._air,
            self._neighbours,
            room.instance,
            wishes.linger_s,
        )
        self._relayed: dict[SessionId, Relayed] = {}
        self._offers: dict[SessionId, Offer] = {}
        self._list: tuple[Any, ...] | None = None
        self._listed_s = float("-inf")
        self._attempts = Attempts()
        self._junk = Junk("the other side's list")
        self._ticking = LoopingCall(self._tick)
        self._ticking.clock = world.reactor
        self._kept: Kept | None = None
        self._is_full = False
        self._stopping = False
        self._is_finished = False
        self._patience: Any = None
        self._finished: Deferred[int] = Deferred()

    @property
    def dropped(self) -> int:
        """How many messages of the other side were none."""
        return self._junk.dropped + sum(each.dropped for each in self._relayed.values())

    @property
    def sessions(self) -> list[SessionId]:
        """Those that are relayed, in the order in which that began."""
        return list(self._relayed)

    @property
    def is_recording(self) -> bool:
        """See `Service`: none of its sessions is closed when it stops."""
        return False

    def start(self) -> Deferred[int]:
        """See `Service`."""
        world, place = self._world, self._place
        sweeping = world.in_thread(sweep_marks, world.disk, place.folder, place.url)
        sweeping.addErrback(lambda failure: self._log.failure("marks stay", failure))
        self._air.start()
        self._neighbours.start()
        self._kept = self._remote.subscribe(PUBLIC_DIRECTORY, self._take_list)
        self._remote.on_join(self._ask_for_list)
        self._ticking.start(TICK_S, now=False).addErrback(self._crashed)
        return self._finished

    def _crashed(self, failure: Failure) -> None:
        """One look that went wrong is not the last."""
        self._log.failure("the sessions could not be looked after", failure)
        self._ticking.start(TICK_S, now=False).addErrback(self._crashed)

    def _take_list(self, *args: Any) -> None:
        """A list is read when the time has come, however often it is told."""
        self._list = args

    def _ask_for_list(self) -> None:
        if not self._stopping:
            self._listed_s = self._world.monotonic()
            self._remote.call(LIST).addCallbacks(self._take_list, self._no_list)

    def _no_list(self, failure: Failure) -> None:
        if not isinstance(failure.value, CallFailed):
            self._log.failure("asking for the other side's list went wrong", failure)

    def _tick(self) -> None:
        self._read_list()
        if self._world.monotonic() - self._listed_s >= LIST_S and self._remote.joined:
            self._ask_for_list()
        for relayed in list(self._relayed.values()):
            relayed.tick()
        if self._remote.joined and self._room.connection.joined:
            self._begin()

    def _read_list(self) -> None:
        args, self._list = self._list, None
        if args is None:
            return
        self._listed_s = self._world.monotonic()
        try:
            self._offers, bad = read_offers(args)
        except BadMessage as error:
            self._junk.drop(error)
            return
        for _ in range(bad):
            self._junk.drop(BadMessage("an entry whose id is none"))

    def _begin(self) -> None:
        room = self._wanted.most - len(self._relayed)
        if room <= 0:
            self._tell_full()
            return
        chosen = choose(self._wanted, self._offers, self._relayed, room, self._passes_over)
        for session in chosen:
            relayed = self._relayed[session] = Relayed(
                self._place, session, is_asked=session in self._wanted.sessions, over=self._over
            )
            self._room.on_session(session)
            relayed.begin()

    def _tell_full(self) -> None:
        """Say once that the other side has more than is relayed at a time."""
        if self._is_full:
            return
        more = choose(self._wanted, self._offers, self._relayed, 1, self._passes_over)
        if more:
            self._is_full = True
            self._log.warn(
                "{most} sessions are relayed, and more are there; see --max-sessions",
                most=self._wanted.most,
            )

    def _passes_over(self, session: SessionId) -> bool:
        now_s = self._world.monotonic()
        return self._attempts.passes_over(session, self._offers.get(session), now_s)

    def _over(self, relayed: Relayed, how: Over) -> None:
        session = relayed.session
        del self._relayed[session]
        if how is Over.ENDED:
            self._attempts.ended(session, relayed.seq)
        elif how is Over.REFUSED:
            self._attempts.refused(session)
        else:
            wait_s = SOON_S if how is Over.UNTOLD else AGAIN_S
            again_s = self._world.random.uniform(*wait_s)
            self._attempts.failed(session, self._world.monotonic() + again_s)
        if self._stopping:
            self._finish()

    def _announced_here(self, said: Announcement) -> None:
        relayed = self._relayed.get(said.id)
        if relayed is not None:
            relayed.announced_here(said)

    def stop(self) -> None:
        """See `Service`: its sessions are left open, for another run to go on in."""
        if self._stopping:
            return
        self._stopping = True
        self._ticking.stop()
        if self._kept is not None:
            self._kept.stop()
        self._patience = self._world.reactor.callLater(PATIENCE_S, self._give_up_disk)
        for relayed in list(self._relayed.values()):
            relayed.leave()
        self._finish()

    def restart(self) -> None:
        """See `Service`."""
        self.stop()
        self._air.give_up()

    def give_up(self) -> None:
        """See `Service`."""
        if self._stopping:
            self._give_up_disk()
            self._air.give_up()

    def _give_up_disk(self) -> None:
        for relayed in list(self._relayed.values()):
            relayed.give_up()

    def _finish(self) -> None:
        """End, when nothing is relayed any more."""
        if self._relayed or self._is_finished:
            return
        self._is_finished = True
        if self._patience.active():
            self._patience.cancel()
        self._neighbours.stop()
        self._air.stop()
        closing = maybeDeferred(self._remote.close)
        closing.addBoth(lambda _: self._finished.callback(0))
