"""When a session's histories are sealed, and what is looked for before."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred, DeferredSemaphore
from twisted.logger import Logger

from livetiming.components.dvr.files import more_of
from livetiming.components.dvr.folders import Folders
from livetiming.components.dvr.history import History, Stage
from livetiming.components.dvr.recording import Recording
from livetiming.errors import LogError
from livetiming.events.log.paths import growing
from livetiming.network.said import walk
from livetiming.network.wire import Answer, BadMessage
from livetiming.services.world import World

QUIET_S = 3.0
"""So long a session has been closed and complete before it is sealed."""
_ENDED = (Stage.SEALED, Stage.DROPPED, Stage.REFUSED)


class Ending:
    """Seals sessions that are over, one after another.

    Args:
        world: the outside.
        folders: where logs are.
        gone_s: a session that nobody was heard of for so long is over.
        min_recording_s: what is shorter is not kept.
        sealed: told of each recording.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        folders: Folders,
        gone_s: float,
        min_recording_s: float,
        sealed: Callable[[Recording, History], None],
    ) -> None:
        self._world = world
        self._folders = folders
        self._gone_s = gone_s
        self._min_ms = round(min_recording_s * 1000)
        self._sealed = sealed
        self._one = DeferredSemaphore(1)
        self._under_way: dict[Recording, Deferred[None]] = {}
        self._complete_since: dict[Recording, float] = {}
        self._stopped = False

    def look(self, recording: Recording) -> None:
        """Seal a session if it is over."""
        if recording in self._under_way or self._stopped or recording.forbidden:
            return
        if self._is_due(recording):
            running = self._under_way[recording] = self._one.run(self._end, recording)
            running.addErrback(lambda failure: self._log.failure("sealing went wrong", failure))
            running.addBoth(lambda _: self._ended(recording))

    def _ended(self, recording: Recording) -> None:
        self._under_way.pop(recording, None)

    def is_over(self, recording: Recording) -> bool:
        """Whether nothing of a session is under way, and nobody was heard of for long."""
        return (
            recording not in self._under_way
            and self._is_gone(recording)
            and (recording.forbidden or not self._growing(recording))
            and not any(history.is_busy for history in recording.histories.values())
        )

    def forget(self, recording: Recording) -> None:
        """A session is not looked at any more."""
        self._complete_since.pop(recording, None)

    def stop(self) -> list[Deferred[None]]:
        """Begin no more.

        Returns: what is under way.
        """
        self._stopped = True
        return list(self._under_way.values())

    def _is_gone(self, recording: Recording) -> bool:
        return self._world.monotonic() - recording.heard_at >= self._gone_s

    @staticmethod
    def _growing(recording: Recording) -> list[History]:
        return [each for each in recording.histories.values() if each.stage not in _ENDED]

    def _is_due(self, recording: Recording) -> bool:
        growing, now = self._growing(recording), self._world.monotonic()
        if not growing or not all(_may_end(each, now) for each in growing):
            self._complete_since.pop(recording, None)
            return False
        if self._is_gone(recording):
            return True
        if not all(_is_closed(each) for each in growing) or _lacks(recording):
            self._complete_since.pop(recording, None)
            return False
        return now - self._complete_since.setdefault(recording, now) >= QUIET_S

    async def _end(self, recording: Recording) -> None:
        for history in self._growing(recording):
            while await self._goes_on(recording, history):
                pass
            if self._stopped or recording.forbidden or not self._is_due(recording):
                return
            if history.branch.chains.seq == 0:
                history.remove()
                continue
            await history.seal(self._folders.recordings, self._min_ms)
            if history.is_sealed:
                self._sealed(recording, history)

    async def _goes_on(self, recording: Recording, history: History) -> bool:
        """Take what the service's own log has more, if it is on this machine.

        Returns: whether there was any.
        """
        path = growing(self._folders.state, recording.session).tail
        chains = history.branch.chains
        try:
            answer: Answer | None = await self._world.in_thread(
                more_of, self._world.disk, path, chains.seq, chains.last
            )
            if answer is None or self._stopped or history.stage is not Stage.OPEN:
                return False
            said = walk(
                recording.session, answer.writer, answer.from_seq, answer.chain, answer.lines
            )
        except (LogError, BadMessage, OSError) as error:
            self._log.warn("{path}: {reason}", path=str(path), reason=str(error))
            return False
        return recording.extend(history, said.steps)


def _may_end(history: History, now: float) -> bool:
    return history.stage is Stage.OPEN and not history.is_busy and now >= history.seal_at


def _is_closed(history: History) -> bool:
    return history.served is not None and history.served.state.closed is not None


def _lacks(recording: Recording) -> bool:
    """Whether more may still come of a writer that was heard of."""
    return any(
        pull.is_asking or (recording.replica.needs(pull.source) and not pull.given_up)
        for pull in recording.pulls.values()
    )
