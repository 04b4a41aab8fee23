"""What a restart must know beside the logs: gaps, the history that is shown, loose lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.components.dvr.folders import Folders
from livetiming.components.dvr.heads import (
    Heads,
    heads_of,
    no_heads,
    remove_loose,
    write_heads,
    write_loose,
)
from livetiming.components.dvr.recording import ON_AIR_S, Recording
from livetiming.network.replica import Gap
from livetiming.services.world import World


class Memory:
    """Keeps it beside the logs, for one session.

    Args:
        world: the outside.
        folders: where logs are.
        recording: the session.
        known: what was kept before.
    """

    _log = Logger()

    def __init__(self, world: World, folders: Folders, recording: Recording, known: Heads) -> None:
        self._world = world
        self._folders = folders
        self._recording = recording
        self._kept = known
        self._busy = False
        self._seen: list[Gap] = []
        """The gaps of the last look: most are filled before the next."""
        self._told: set[Gap] = set()
        self._troubled = False
        recording.shown = known.best
        replica = recording.replica
        for gap in known.missing():
            source = replica.source(gap.writer)
            source.head, source.chain, source.proved = gap.last, gap.chain, gap.first - 1

    @property
    def is_busy(self) -> bool:
        """Whether a thread is at it."""
        return self._busy

    def look(self) -> None:
        """Keep what has changed."""
        if self._busy or not self._recording.replica.known:
            return
        self._tell_gaps()
        heads = self._heads()
        if heads != self._kept:
            self._in_thread(lambda: self._keep(heads), write_heads, heads)
            return
        self._keep_loose()

    def end(self) -> None:
        """The session is over: lines that are in a history, or that nobody may keep, go."""
        lost = not self._recording.forbidden and any(self._recording.replica.gaps())
        if not lost:
            try:
                remove_loose(self._world.disk, self._folders.temp, self._recording.session)
            except OSError as error:
                self._log.error("loose lines stay: {reason}", reason=str(error))

    def _keep(self, heads: Heads) -> None:
        self._kept = heads

    def _heads(self) -> Heads:
        recording = self._recording
        if recording.forbidden:
            return no_heads(recording.session)
        best = recording.best() if len(recording.histories) > 1 else None
        number = 0 if best is None else best.branch.number
        seen, self._seen = self._seen, list(recording.replica.gaps())
        lasting = [gap for gap in self._seen if (gap.writer, gap.last) in map(_end, seen)]
        return heads_of(recording.session, number, lasting)

    def _keep_loose(self) -> None:
        """Write down what is behind a hole once its writer has been silent."""
        now = self._world.monotonic()
        for pull in self._recording.pulls.values():
            source = pull.source
            silent = pull.heard_at is None or now - pull.heard_at >= ON_AIR_S
            if source.loose and silent and not self._recording.forbidden:
                steps = [source.loose[seq] for seq in sorted(source.loose)]
                session, writer = self._recording.session, source.writer
                self._in_thread(source.drop_loose, write_loose, session, writer, steps)
                return

    def _tell_gaps(self) -> None:
        """Say once of each gap that nobody can be asked any more."""
        for gap in self._recording.replica.gaps():
            pull = self._recording.pulls.get(gap.writer)
            if gap not in self._told and pull is not None and pull.given_up:
                self._told.add(gap)
                self._log.critical(
                    "session {session}: lines {first} to {last} of writer {writer} are lost, "
                    "unless its log turns up again",
                    session=self._recording.session,
                    **gap._asdict(),
                )

    def _in_thread(self, done: Callable[[], Any], work: Callable[..., None], *args: Any) -> None:
        self._busy = True
        working = self._world.in_thread(work, self._world.disk, self._folders.temp, *args)
        working.addCallbacks(lambda _: self._done(done), self._failed)
        working.addErrback(lambda failure: self._log.failure("heads went wrong", failure))

    def _done(self, done: Callable[[], Any]) -> None:
        self._busy = self._troubled = False
        done()

    def _failed(self, failure: Failure) -> None:
        self._busy = False
        if not isinstance(failure.value, OSError):
            self._log.failure("heads could not be kept", failure)
        elif not self._troubled:
            self._troubled = True
            self._log.error("heads are not kept: {reason}", reason=failure.getErrorMessage())


def _end(gap: Gap) -> tuple[int, int]:
    return gap.writer, gap.last
