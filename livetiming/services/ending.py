"""The end of a session's log: sealed under the name the operator gave, or thrown away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from twisted.logger import Logger

from livetiming.errors import LivetimingError, LogError
from livetiming.events import SessionId
from livetiming.events.log import open_reader, remove_log, seal_log
from livetiming.services.keeper import Keeper
from livetiming.services.world import World

ENDING = ".jsonl.zst"

Stay = Callable[[Keeper], Awaitable[None]]


class Ending:
    """Does with a closed log what the operator wants.

    Args:
        world: the outside.
        folder: of the service's own logs.
        recording: where a closed log is sealed to; `None` for nowhere.
        do_not_record: whether nothing else of a session may stay.
    """

    _log = Logger()

    def __init__(
        self, world: World, folder: Path, recording: Path | None, *, do_not_record: bool
    ) -> None:
        self._world = world
        self._folder = folder
        self._recording = recording
        self._do_not_record = do_not_record
        self._sealed = 0

    async def end(self, keeper: Keeper, stay: Stay) -> bool:
        """Wait until a log is on disk, do what is wanted, and let go of it.

        Args:
            keeper: of the log.
            stay: waits until nobody can want the log of us any more, which is held so long.
        Returns: whether all of it worked; what did not is logged.
        """
        session = keeper.session
        target = None if self._recording is None else self._free_name(session, self._recording)
        if not await keeper.drained():
            return False
        well = await self._done(keeper, self._seal(keeper, target))
        await stay(keeper)
        keeper.close()
        return well and await self._done(keeper, self._throw_away(session))

    async def _done(self, keeper: Keeper, work: Awaitable[None]) -> bool:
        try:
            await work
        except (LivetimingError, OSError) as error:
            self._log.error(
                "session {session}: {reason}; its own log is {path}",
                session=keeper.session,
                reason=str(error),
                path=str(keeper.path),
            )
            return False
        return True

    def _whereabouts(self, keeper: Keeper, target: Path | None) -> str:
        if target is not None:
            return f"its recording is {target}"
        return "nothing of it is kept" if self._do_not_record else f"its log is {keeper.path}"

    async def _seal(self, keeper: Keeper, target: Path | None) -> None:
        if target is not None:
            source = self._folder / keeper.session
            await self._world.in_thread(seal_log, self._world.disk, source, target)
            where = str(target)
            self._log.info(
                "session {session}: sealed to {path}", session=keeper.session, path=where
            )
        self._world.tell(f"session {keeper.session}: closed, {self._whereabouts(keeper, target)}")

    async def _throw_away(self, session: SessionId) -> None:
        if self._do_not_record:
            remove_log(self._world.disk, self._folder, session)

    def _free_name(self, session: SessionId, recording: Path) -> Path:
        """The next name, given in the order in which sessions end.

        A file that is there and is no recording of this very session is passed over.
        """
        while True:
            self._sealed += 1
            target = numbered(recording, self._sealed)
            if not self._world.disk.exists(target) or self._holds(target, session):
                return target
            self._log.warn(
                "session {session}: {path} is there already and stays as it is",
                session=session,
                path=str(target),
            )

    def _holds(self, path: Path, session: SessionId) -> bool:
        try:
            with open_reader(self._world.disk, path) as reader:
                return reader.session == session
        except LogError:
            return False


def numbered(path: Path, number: int) -> Path:
    """The file of the n-th session: `x.jsonl.zst`, `x.2.jsonl.zst`, `x.3.jsonl.zst` …"""
    if number == 1:
        return path
    stem = path.name.removesuffix(ENDING)
    return path.with_name(f"{stem}.{number}{ENDING if stem != path.name else ''}")
