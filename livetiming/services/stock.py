"""Taking stock before a log goes on: what the dvr has more of it, and whether another is at it.

So an old copy of a log goes on where the recording ends, and not as a second history.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from twisted.internet.defer import Deferred
from twisted.internet.defer import TimeoutError as TooLate
from twisted.internet.task import deferLater
from twisted.logger import Logger

from livetiming.errors import BadLine, BadState, LivetimingError
from livetiming.events.log import Folded, LogWriter
from livetiming.events.state import as_json, from_json
from livetiming.network.connection import CallFailed, Connection
from livetiming.network.names import CONTINUE, NO_SUCH_PROCEDURE, log_procedure
from livetiming.network.wire import BadMessage, Continued, read_answer, read_continued
from livetiming.services.world import World

STOCK_S = 5.0
"""So long a log waits to go on."""
AGAIN_S = 1.0


class Elsewhere(LivetimingError):
    """Another process has the session on the air: stop that one, or take it over."""


class Stock(NamedTuple):
    """What was found.

    Args:
        adopted: lines taken from the dvr.
        heard: the newest writer known of; 0 where none is.
    """

    adopted: int
    heard: int


class StockTaking:
    """Asks for at most `STOCK_S` what is known of a log that is to go on.

    Args:
        world: the outside.
        connection: to the router.
        log: just opened; what continues it is added and made durable.
        take_over: whether another process that has the session on the air is no reason to stop.
    """

    _log = Logger()

    def __init__(
        self, world: World, connection: Connection, log: LogWriter, *, take_over: bool
    ) -> None:
        self._world = world
        self._connection = connection
        self._opened = log
        self._take_over = take_over
        self._deadline = world.monotonic() + STOCK_S
        self._adopted = 0
        self._heard = 0

    async def take(self) -> Stock:
        """Take stock.

        Raises: `Elsewhere`; `LogFailed` by the disk.
        """
        while not await self._is_known():
            rest = self._deadline - self._world.monotonic()
            if rest <= 0:
                self._log.warn("nobody says what is recorded of this session; going on")
                break
            await deferLater(self._world.reactor, min(AGAIN_S, rest))
        return Stock(self._adopted, self._heard)

    async def _is_known(self) -> bool:
        """Ask once; whether there is no need to ask again."""
        try:
            while (continued := await self._continued()).lines:
                await self._adopt(continued)
            if continued.newest_writer == 0 or self._take_over:
                return True
            await self._ask(continued.newest_writer)
        except CallFailed as error:
            return error.error == NO_SUCH_PROCEDURE
        except TooLate:
            return False
        except (BadMessage, BadLine, BadState) as error:
            self._log.error("what the dvr says does not follow: {reason}", reason=str(error))
            return False
        return True

    async def _continued(self) -> Continued:
        place = self._opened.place
        session = self._opened.session
        asked = self._within(CONTINUE, str(session), place.seq, place.chain.hex())
        continued = read_continued(await asked)
        self._heard = max(self._heard, continued.newest_writer)
        return continued

    def _within(self, procedure: str, *args: Any) -> Deferred[Any]:
        """Call; what comes after the deadline is not waited for."""
        rest = max(0.0, self._deadline - self._world.monotonic())
        asked = self._connection.call(procedure, *args)
        return asked.addTimeout(rest, self._world.reactor)

    async def _adopt(self, continued: Continued) -> None:
        """Add lines, which were proven first: a log that took half of them is of no more use."""
        log = self._opened
        if continued.from_seq != log.place.seq + 1:
            raise BadMessage(f"expected lines from {log.place.seq + 1}, got {continued.from_seq}")
        probe = Folded(log.session, from_json(as_json(log.state)), log.place)
        for _ in probe.steps(continued.lines):
            pass
        for line in continued.lines:
            log.append_line(line)
        while (group := log.take()) is not None:
            await self._world.in_thread(log.commit, group)
        self._adopted += len(continued.lines)

    async def _ask(self, writer: int) -> None:
        """Ask the newest writer for its first line.

        Raises: `Elsewhere` where it answers.
        """
        session = self._opened.session
        read_answer(await self._within(log_procedure(session, writer), 1, 1))
        what = f"session {session} is on the air elsewhere (writer {writer}); stop it there first"
        raise Elsewhere(f"{what}, or give --take-over")
