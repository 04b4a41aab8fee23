"""One session of the other side, here: its lines copied, made durable, and only then on the air."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import LivetimingError, LogLocked
from livetiming.events import SessionId, State
from livetiming.network.wire import Announcement, Beacon
from livetiming.services.relay.attempts import Over
from livetiming.services.relay.following import Following
from livetiming.services.relay.history import Copy
from livetiming.services.relay.keeping import OwnLog
from livetiming.services.relay.neighbours import Here, Untold
from livetiming.services.relay.place import Place
from livetiming.services.relay.showing import Showing

NOTHING_S = 60.0
"""After so long without a first line a session is let go of."""
GONE_S = 1800.0
"""So is one of which nothing was heard for so long."""
MAX_SIZE = 2 * 1024 * 1024 * 1024
"""Bytes of lines that are taken of one session in one run: the other side may never end."""


class Relayed:
    """One session that is relayed, until it is over.

    Args:
        place: where.
        session: which.
        is_asked: whether the operator named it.
        over: told once that it is over; nothing of it is held then.
    """

    _log = Logger()

    def __init__(
        self,
        place: Place,
        session: SessionId,
        *,
        is_asked: bool,
        over: Callable[[Relayed, Over], None],
    ) -> None:
        self._place = place
        self._is_asked = is_asked
        self._told_over = over
        self._is_over = False
        self._is_ending = False
        self._size = 0
        self._began_s = place.world.monotonic()
        self._showing = Showing(
            place.world,
            place.air,
            session,
            place.instance,
            newer=self._newer,
            contradicted=self._contradicted,
        )
        self._own = OwnLog(
            place.world,
            place.folder,
            session,
            place.url,
            opened=self._opened,
            durable=self._durable,
            broken=self._broken,
        )
        self._following = Following(
            place.world,
            place.remote,
            session,
            has_room=self._has_room,
            take=self._take,
            heard_beacon=self._beacon,
            failed=self._failed,
        )
        self.session = session

    @property
    def seq(self) -> int:
        """The last line that is here."""
        return self._following.copy.seq

    @property
    def writer(self) -> int | None:
        """The last writer that its lines name."""
        return self._state.writer

    @property
    def dropped(self) -> int:
        """How many messages about it were none."""
        return self._following.dropped

    @property
    def _state(self) -> State:
        return self._following.copy.state

    def begin(self) -> None:
        """See whether it may be relayed, and begin."""
        beginning = Deferred.fromCoroutine(self._begin())
        beginning.addErrback(self._not_begun)

    async def _begin(self) -> None:
        if await self._place.has_copy(self.session, asked=self._is_asked):
            self._own.open()
        else:
            self._follow()

    def _not_begun(self, failure: Failure) -> None:
        how = Over.UNTOLD if isinstance(failure.value, Untold) else Over.AWAY
        if isinstance(failure.value, Here | Untold | OSError):
            self._log.info(
                "session {session}: not relayed: {reason}",
                session=self.session,
                reason=str(failure.value),
            )
        else:
            self._log.failure("session {session}: not relayed", failure, session=self.session)
        self._end(how)

    def _opened(self, copy: Copy) -> None:
        """The log was opened, for the first time or again."""
        following = self._following
        following.goes_on_from(copy)
        self._showing.begin(copy.at)
        if self._showing.is_on and self._own.writer is not None:
            self._showing.show(self._own.writer)
        elif not following.is_started:
            self._see_again(copy)

    def _see_again(self, copy: Copy) -> None:
        """While nothing was relayed, another may have taken the session."""
        seeing = Deferred.fromCoroutine(
            self._place.neighbours.see_that_it_is_free(
                self.session, copy.state.writer, asked=self._is_asked
            )
        )
        seeing.addCallback(lambda _: self._follow())
        seeing.addErrback(self._not_begun)

    def _follow(self) -> None:
        if not self._is_over:
            self._following.start()

    def _has_room(self) -> bool:
        """Before there is a log, what comes only shows that there is something to relay; and a log
        goes on the air at rest.
        """
        if self._is_ending or not self._own.is_begun:
            return not self._is_ending
        return self._own.has_room and (self._own.is_at_rest or not self._is_due)

    def _take(self, lines: list[bytes]) -> None:
        if self._is_kept_from_lists:
            self._refuse("it is hidden; --session names one that is relayed all the same")
        elif self._own.is_begun:
            self._append(lines)
        else:
            self._log.info("session {session}: relayed from now on", session=self.session)
            self._own.open()

    def _append(self, lines: list[bytes]) -> None:
        self._own.append(lines)
        self._size += sum(map(len, lines))
        if self._size > MAX_SIZE:
            self._refuse(f"its lines are more than {MAX_SIZE} bytes")

    @property
    def _is_kept_from_lists(self) -> bool:
        described = self._state.described
        return described is not None and described.hidden and not self._is_asked

    def _durable(self, lines: bytes) -> None:
        self._showing.durable(lines)
        self._settle()
        self._following.poke()

    @property
    def _is_due(self) -> bool:
        """Whether it is to go on the air: all is here that there was, and the time is known."""
        copy, showing = self._following.copy, self._showing
        return not showing.is_on and copy.seq > 0 and copy.has_all and showing.has_time

    def _settle(self) -> None:
        """See what comes next, where the log is at rest."""
        if self._is_over or self._is_ending or not self._own.is_at_rest:
            return
        if self._is_due and self._own.writer is not None:
            self._showing.show(self._own.writer)
            path = self._own.path
            self._place.world.tell(f"session {self.session}: relayed, recording to {path}")
        copy = self._following.copy
        if self._showing.is_on and copy.state.closed and copy.has_all and not copy.lacks:
            self._is_ending = True
            Deferred.fromCoroutine(self._stay()).addErrback(self._crashed)

    async def _stay(self) -> None:
        """The session is over: wait until it is recorded here."""
        self._following.stop()
        described = self._state.described
        await self._showing.stay(self._place.linger_s)
        self._own.close()
        if described is not None and described.do_not_record:
            self._place.throw_away(self.session)
        self._end(Over.ENDED)

    def _crashed(self, failure: Failure) -> None:
        self._log.failure("session {session}: went wrong", failure, session=self.session)
        self._end(Over.REFUSED)

    def _beacon(self, beacon: Beacon) -> None:
        described = self._state.described
        self._showing.heard(beacon, described.rate if described else 1)

    def _failed(self, error: LivetimingError) -> None:
        self._refuse(str(error))

    def _broken(self, error: Exception) -> None:
        if isinstance(error, LogLocked):  # perhaps for a moment, by who looks after what is left
            self._log.info("session {session}: {reason}", session=self.session, reason=str(error))
            self._end(Over.UNTOLD)
        else:
            self._refuse(str(error))

    def _refuse(self, reason: str) -> None:
        self._log.error(
            "session {session}: not relayed any more: {reason}", session=self.session, reason=reason
        )
        self.leave(Over.REFUSED)

    def _newer(self, _: SessionId) -> None:
        self._yield("a newer writer is on the air here")

    def _contradicted(self, _: SessionId) -> None:
        if not self._is_ending:
            self._refuse("the dvr here has other lines of it")

    def announced_here(self, said: Announcement) -> None:
        """Somebody else says that he has the session on the air here.

        Of two who relay the same lines, the one of the first name stays.
        """
        if said.writer != self.writer or said.instance <= self._place.instance:
            self._yield(f"{said.class_} {said.instance} has it on the air here")

    def _yield(self, reason: str) -> None:
        if not (self._is_over or self._is_ending):
            self._log.warn("session {session}: left: {reason}", session=self.session, reason=reason)
            self._end(Over.AWAY)

    def tick(self) -> None:
        """Some time has passed."""
        if self._is_over or self._is_ending:
            return
        now = self._place.world.monotonic()
        if not self._own.is_begun and now - self._began_s >= NOTHING_S:
            self._end(Over.AWAY)
        elif self._following.silent_s >= GONE_S:
            self._log.warn("session {session}: gone, its log stays", session=self.session)
            self.leave(Over.AWAY)
        else:
            self._following.tick()
            self._settle()

    def leave(self, how: Over = Over.STOPPED) -> None:
        """Follow no more; a session that has ended stays until it is recorded."""
        self._following.stop()
        if not (self._is_ending or self._is_over):
            self._is_ending = True
            self._own.drained().addCallback(lambda _: self._end(how))

    def give_up(self) -> None:
        """Wait no longer for the disk."""
        if not self._own.is_at_rest:
            self._own.close()

    def _end(self, how: Over) -> None:
        if not self._is_over:
            self._is_over = True
            self._following.stop()
            self._showing.stop()
            self._own.close()
            self._told_over(self, how)
