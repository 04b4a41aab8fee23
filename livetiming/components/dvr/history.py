"""One history of a session on the dvr's disk: written, synced, and opened again after trouble."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from livetiming.components.dvr.files import (
    Ended,
    Loaded,
    Where,
    commit,
    load,
    load_again,
    recover,
    remove,
    seal,
)
from livetiming.components.dvr.folders import Folders
from livetiming.components.dvr.work import Work
from livetiming.errors import LivetimingError, LogDamaged, NoLog
from livetiming.events import SessionId
from livetiming.events.log import LogWriter
from livetiming.network.said import Chains, Step
from livetiming.network.served import Served
from livetiming.network.sources import Branch
from livetiming.services.world import World

RETRY_S = 1.0
"""So long a log that the disk refused is left alone, and so much longer after each further try."""
LONGEST_RETRY_S = 5.0
RESEAL_S = 60.0
"""So long after a recording could not be made the next try waits."""


class Stage(StrEnum):
    """Where a history has got to."""

    OPENING = "opening"
    OPEN = "open"
    PAUSED = "paused"
    """The disk refuses it; it waits for the next try."""
    SEALING = "sealing"
    SEALED = "sealed"
    DROPPED = "dropped"
    """It was too short, and is on no disk any more."""
    REFUSED = "refused"
    """It is damaged; its files stay as they are."""
    CLOSED = "closed"


class History:
    """The log of one history; one thread at most is at its files.

    Args:
        world: the outside.
        folders: where logs are.
        session: whose it is.
        branch: what is known of its chain; its flags are set here.
        changed: told whenever its stage changes, and when more of it is durable.
        sealed: its recording, where it has one.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        folders: Folders,
        session: SessionId,
        branch: Branch,
        changed: Callable[[History], None],
        sealed: Path | None = None,
    ) -> None:
        self._world = world
        self._where = Where(world.disk, folders.temp, session, branch.number, folders.analyses)
        self._changed = changed
        self.branch = branch
        self.stage = Stage.OPENING
        self.sealed_path = sealed
        self.served: Served | None = None
        """Answers for it while it grows, also while the disk refuses it."""
        self.seal_at = 0.0
        """Not before that, by the monotonic clock, it can be sealed."""
        self.troubled = False
        """Whether the disk refuses it."""
        self._writer: LogWriter | None = None
        self._waiting: list[Step] = []
        self._work = Work(world, self._where.paths.tail)
        self._retry: Any = None
        self._retry_s = RETRY_S
        branch.ready = False

    @property
    def name(self) -> str:
        """The stem of its files."""
        return self._where.paths.tail.stem

    @property
    def is_dirty(self) -> bool:
        """Whether it has lines that can be written now."""
        return bool(self._waiting) and self.stage is Stage.OPEN and not self._work.is_under_way

    @property
    def is_busy(self) -> bool:
        """Whether a thread is at it, or lines wait for the disk."""
        return self._work.is_under_way or bool(self._waiting)

    @property
    def is_sealed(self) -> bool:
        """Whether it has a recording, also one that was made while it was let go of."""
        return self.sealed_path is not None and self.stage in (Stage.SEALED, Stage.CLOSED)

    # --- opening

    def begin(self) -> None:
        """Open a growing log that is new."""
        self._open(load, self._where)

    def recover(self) -> None:
        """Find out what a restart has left of it."""
        self.branch.known = False
        self._open(recover, self._where, self.sealed_path)

    def reopen(self) -> None:
        """Go on in it though it had ended."""
        if self.stage is Stage.DROPPED or self.sealed_path is None:
            self.branch.load(Chains(), None)
            self._open(load, self._where)
        else:
            self._open(load_again, self._where, self.sealed_path)

    def _open(self, work: Callable[..., Loaded | Ended], *args: object) -> None:
        self._become(Stage.OPENING)
        self._work.begin(self._opened, self._not_opened, work, *args)

    def _opened(self, found: Loaded | Ended) -> None:
        if isinstance(found, Ended):
            self.branch.load(Chains(found.chains), found.writer)
            self.served = None
            self._become(Stage.SEALED)
        elif self.stage is Stage.CLOSED:
            found.writer.close()
        else:
            self._writer, self.served = found.writer, found.served
            self.branch.load(Chains(found.chains), found.writer.state.writer)
            self._become(Stage.OPEN)
        self._changed(self)

    def _not_opened(self, error: LivetimingError) -> None:
        if isinstance(error, LogDamaged | NoLog):
            self._refuse(error)
        else:
            self._pause(str(error))

    # --- writing

    def append(self, steps: Sequence[Step]) -> None:
        """Take the lines that its branch went on with; `sync` gets them to the disk."""
        self._waiting += steps

    def sync(self) -> Deferred[None] | None:
        """Write what waits and make it durable; `None` where there is nothing to do."""
        if not self.is_dirty or self._writer is None:
            return None
        lines, self._waiting = [step.line for step in self._waiting], []
        return self._work.begin(self._synced, self._not_synced, commit, self._writer, lines)

    def _synced(self, lines: bytes) -> None:
        if self.served is not None:
            self.served.add(lines)
            self.branch.durable = self.served.place.seq
        self.recovered()
        self._changed(self)

    def recovered(self) -> None:
        """The disk has all that it was given."""
        self._retry_s = RETRY_S
        if self.troubled:
            self.troubled = False
            self._log.warn("recording goes on: {name}", name=self.name)

    def _not_synced(self, error: LivetimingError) -> None:
        self._pause(str(error))

    def _pause(self, reason: str) -> None:
        """Wait for the disk; what it has not got will be asked for again."""
        if self.stage is Stage.CLOSED:
            return
        if not self.troubled:
            self.troubled = True
            self._log.error("recording is paused: {reason}", reason=reason)
        self._let_go()
        self._become(Stage.PAUSED)
        self._retry = self._world.reactor.callLater(self._retry_s, self._open_again)
        self._retry_s = min(self._retry_s + RETRY_S, LONGEST_RETRY_S)
        self._changed(self)

    def _open_again(self) -> None:
        self._retry = None
        if self.sealed_path is not None:
            self._open(recover, self._where, self.sealed_path)
        else:
            self._open(load, self._where)

    def _refuse(self, error: LivetimingError) -> None:
        self._let_go()
        self._become(Stage.REFUSED)
        self._log.critical(
            "{name} is not gone on with: {reason}", name=self.name, reason=str(error)
        )
        self._changed(self)

    def _let_go(self) -> None:
        self._waiting = []
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()

    # --- ending

    def seal(self, recordings: Path, min_ms: int) -> Deferred[None]:
        """Make a recording of it; drop it where it is shorter than that."""
        self._let_go()
        self._become(Stage.SEALING)
        args = (self._where, recordings, min_ms, self.sealed_path)
        return self._work.begin(self._sealed, self._not_sealed, seal, *args)

    def _sealed(self, path: Path | None) -> None:
        self.served = None
        self.sealed_path = path
        self._become(Stage.DROPPED if path is None else Stage.SEALED)
        if path is not None:
            self._log.info("sealed to {path}", path=str(path))
        self._changed(self)

    def _not_sealed(self, error: LivetimingError) -> None:
        self._log.error("{name} is not sealed yet: {reason}", name=self.name, reason=str(error))
        self.seal_at = self._world.monotonic() + RESEAL_S
        if self.stage is not Stage.CLOSED:
            self._open_again()

    def remove(self) -> None:
        """Leave nothing of it."""
        if self._work.is_under_way:
            self._work.when_done(self.remove)
            return
        if self.stage is Stage.CLOSED:
            return
        self._cancel()
        self._let_go()
        self._become(Stage.SEALING)
        self._work.begin(self._removed, self._not_removed, remove, self._where, self.sealed_path)

    def _removed(self, _: None) -> None:
        self._sealed(None)

    def _not_removed(self, error: LivetimingError) -> None:
        if self.stage is not Stage.CLOSED:
            self._log.error(
                "{name} is not removed yet: {reason}", name=self.name, reason=str(error)
            )
            self._retry = self._world.reactor.callLater(LONGEST_RETRY_S, self._remove_again)

    def _remove_again(self) -> None:
        self._retry = None
        self.remove()

    def _cancel(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def close(self) -> Deferred[None]:
        """Let go of it.

        Returns: fires when the thread that is at it is done.
        """
        self._become(Stage.CLOSED)
        self._cancel()
        return self._work.when_done(self._let_go)

    def _become(self, stage: Stage) -> None:
        if self.stage is not Stage.CLOSED:
            self.stage = stage
        self.branch.ready = self.stage is Stage.OPEN
        if self.stage is Stage.REFUSED:
            self.branch.refused = self.branch.known = True
