"""Following one session of the other side: subscribed first, then every line by its number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.logger import Logger

from livetiming.errors import LivetimingError
from livetiming.events import SessionId
from livetiming.events.codec import MAX_LINE
from livetiming.network.connection import Connection, Kept
from livetiming.network.names import events_topic
from livetiming.network.wire import (
    MAX_LINES,
    MAX_MESSAGE,
    Answer,
    BadMessage,
    Beacon,
    Lines,
    read_message,
)
from livetiming.services.answering import Junk
from livetiming.services.relay.history import Contradicted, Copy, Unfit
from livetiming.services.relay.pulling import Pulling
from livetiming.services.world import World

SILENT_S = 15.0
"""After so long a silence it is said that nothing is heard, and the log is asked."""
MAX_TEXT = max(MAX_MESSAGE, MAX_LINE) + 1
"""Characters of the lines in one message."""


class Following:
    """What the other side says of a session, as lines that follow.

    Args:
        world: the outside.
        remote: the connection to the other side.
        session: that is followed.
        has_room: whether lines can be taken now.
        take: given lines that follow, without line feeds.
        heard_beacon: given each beacon that may be of this history.
        failed: told why it cannot be followed any more; it has stopped then.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        remote: Connection,
        session: SessionId,
        *,
        has_room: Callable[[], bool],
        take: Callable[[list[bytes]], None],
        heard_beacon: Callable[[Beacon], None],
        failed: Callable[[LivetimingError], None],
    ) -> None:
        self._world = world
        self._remote = remote
        self._session = session
        self._has_room = has_room
        self._take = take
        self._heard_beacon = heard_beacon
        self._failed = failed
        self._junk = Junk(f"session {session} of the other side")
        self._kept: Kept | None = None
        self._pulling = Pulling(
            world,
            remote,
            session,
            wanted=self._wanted,
            take=self._answered,
            drop=self._junk.drop,
        )
        self._heard_s = world.monotonic()
        self._asked_s = world.monotonic()
        self._is_silent = False
        self.copy = Copy(session)

    @property
    def dropped(self) -> int:
        """How many messages were none."""
        return self._junk.dropped

    @property
    def silent_s(self) -> float:
        """So long nothing was heard of it."""
        return self._world.monotonic() - self._heard_s

    @property
    def is_started(self) -> bool:
        """Whether it is followed."""
        return self._kept is not None

    def start(self) -> None:
        """Follow."""
        topic = events_topic(self._session)
        self._kept = self._remote.subscribe(topic, self._heard, self._pulling.joined)

    def goes_on_from(self, copy: Copy) -> None:
        """What is here already was read."""
        self.copy = copy
        self._pulling.poke()

    def _wanted(self) -> int | None:
        """The line to ask from; where nothing is known to be lacking, at the start and on silence
        what comes after the last.
        """
        now = self._world.monotonic()
        is_due = self.silent_s >= SILENT_S and now - self._asked_s >= SILENT_S
        if not self._has_room() or not (self.copy.lacks or not self.copy.has_all or is_due):
            return None
        self._asked_s = now
        return self.copy.seq + 1

    def _heard(self, *args: Any) -> None:
        try:
            self._follow(_read(args))
        except BadMessage as error:
            self._junk.drop(error)
        except Unfit as error:
            self._fail(error)

    def _follow(self, message: Lines | Beacon) -> None:
        self._is_heard()
        if isinstance(message, Beacon) and self.copy.fits(message):
            self._heard_beacon(message)
        lines = self.copy.hear(message, takes=self._has_room())
        if lines:
            self._take(lines)
        if self.copy.lacks:
            self._pulling.poke_later()

    def _is_heard(self) -> None:
        self._heard_s = self._world.monotonic()
        if self._is_silent:
            self._is_silent = False
            self._log.warn("session {session}: heard again", session=self._session)
        self._pulling.heard()

    def _answered(self, answer: Answer) -> bool:
        before = self.copy.seq
        try:
            lines = self.copy.answered(answer)
        except (Contradicted, Unfit) as error:
            self._fail(error)
            return False
        if lines:
            self._take(lines)
        return self.copy.seq > before

    def _fail(self, error: LivetimingError) -> None:
        self.stop()
        self._failed(error)

    def poke(self) -> None:
        """There may be room for lines now."""
        self._pulling.poke()

    def tick(self) -> None:
        """Some time has passed: say once that nothing is heard, and ask."""
        if self.silent_s >= SILENT_S:
            if not self._is_silent:
                self._is_silent = True
                self._log.warn(
                    "session {session}: the other side is silent; what is here is served on",
                    session=self._session,
                )
            self._pulling.poke()

    def stop(self) -> None:
        """Follow no more."""
        self._pulling.stop()
        if self._kept is not None:
            self._kept.stop()
            self._kept = None


def _read(args: tuple[Any, ...]) -> Lines | Beacon:
    """Read a message whose size is that of one.

    Raises: `BadMessage`.
    """
    text = args[3] if len(args) > 3 else ""
    if isinstance(text, str) and len(text) > MAX_TEXT:
        raise BadMessage(f"lines: expected at most {MAX_TEXT} characters, got {len(text)}")
    message = read_message(args)
    if isinstance(message, Lines) and len(message.lines) > MAX_LINES:
        raise BadMessage(f"expected at most {MAX_LINES} lines, got {len(message.lines)}")
    return message
