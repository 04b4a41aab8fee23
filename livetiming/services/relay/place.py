"""Where sessions are relayed to, and whether one may be."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from livetiming.events import SessionId
from livetiming.events.log import remove_log
from livetiming.network.connection import Connection
from livetiming.services.air import Air
from livetiming.services.relay.marks import has_log, read_mark, remove_mark
from livetiming.services.relay.neighbours import Here, Neighbours
from livetiming.services.world import World


class Place(NamedTuple):
    """Where sessions are relayed to.

    Args:
        world: the outside.
        remote: the connection to the other side.
        folder: of the service's own logs.
        url: of the other side.
        air: where sessions are public.
        neighbours: what others have on the air here.
        instance: the name of the process among those of its class.
        linger_s: so long at least a closed session stays.
    """

    world: World
    remote: Connection
    folder: Path
    url: str
    air: Air
    neighbours: Neighbours
    instance: str
    linger_s: float

    async def has_copy(self, session: SessionId, *, asked: bool) -> bool:
        """See whether a session may be relayed.

        Args:
            session: which.
            asked: whether the operator named it.
        Returns: whether there is a copy here to go on in; who has opened it sees once more whether
            the session is free.
        Raises: `Here`; `Untold`; `OSError`.
        """
        disk = self.world.disk
        if not has_log(disk, self.folder, session):
            await self.neighbours.see_that_it_is_free(session, None, asked=asked)
            return False
        mark = read_mark(disk, self.folder, session)
        if mark != self.url:
            raise Here("its log here is our own" if mark is None else f"its copy is of {mark}")
        if self.neighbours.has(session):
            raise Here("it is on the air here")
        return True

    def throw_away(self, session: SessionId) -> None:
        """Leave nothing of a copy.

        Raises: `LogError`; `OSError`.
        """
        remove_log(self.world.disk, self.folder, session)
        remove_mark(self.world.disk, self.folder, session)
