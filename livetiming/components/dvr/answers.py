"""What the dvr answers for sessions it has, whether they still grow or are sealed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from livetiming.components.dvr.asked_analyses import AskedAnalyses
from livetiming.components.dvr.recording import Recording
from livetiming.components.dvr.shelf import Shelf
from livetiming.errors import BadArgument, BadValue
from livetiming.events import SessionId
from livetiming.events.log import Disk, Moment, Seq, open_reader
from livetiming.network.analysed import Question, read_question
from livetiming.network.connection import Refused
from livetiming.network.names import (
    BAD_ARGUMENT,
    BUSY,
    NO_SUCH_PROCEDURE,
    SESSIONS,
    UNKNOWN_SESSION,
)
from livetiming.network.served import Served, answer_from, read_moment
from livetiming.network.wire import (
    MAX_LINES,
    Answer,
    Continued,
    SnapshotAnswer,
    write_answer,
    write_continued,
    write_snapshot_answer,
)
from livetiming.services.answering import refusing
from livetiming.services.reading import Reading
from livetiming.services.world import World


class Answers:
    """Answers calls.

    Args:
        world: the outside.
        recordings: the sessions in memory.
        shelf: the recordings.
        best: the history to show of a session that is not in memory.
    """

    def __init__(
        self,
        world: World,
        recordings: dict[SessionId, Recording],
        shelf: Shelf,
        best: Callable[[SessionId, dict[int, Path]], Path],
    ) -> None:
        self._world = world
        self._recordings = recordings
        self._shelf = shelf
        self._best = best
        self._analyses = AskedAnalyses(world)
        self._for_viewers, self._for_services = Reading(world), Reading(world)
        """Apart, so that no service waits for what viewers ask before it goes on."""

    def answer(self, procedure: str, *args: object) -> object:
        """Answer a call of the prefix: `<session>.snapshot`, `.events` or `.analysis`.

        Raises: `Refused`, or the Deferred that is given does.
        """
        session, verb = _asked(procedure)
        with refusing():
            match verb, args:
                case "snapshot", ():
                    return self._snapshot(session, None)
                case "snapshot", (when,):
                    return self._snapshot(session, read_moment(when))
                case "events", (int(from_seq), int(limit)):
                    return self._events(session, from_seq, limit)
                case "analysis", _:
                    return self._analysis(session, read_question(args))
                case (("snapshot" | "events"), _):
                    raise BadArgument(f"{verb}: expected other arguments than {args!r:.80}")
        raise Refused(NO_SUCH_PROCEDURE, f"nobody answers {verb!r:.40}")

    def _find(self, session: SessionId) -> Served | Path:
        """Who answers for the best history of a session while it grows, or else its recording.

        Raises: `Refused` where there is none.
        """
        recording = self._recordings.get(session)
        history = recording.best() if recording is not None and not recording.forbidden else None
        if history is not None and history.served is not None:
            return history.served
        if history is not None and history.sealed_path is not None:
            return history.sealed_path
        sealed = {} if recording is not None and recording.forbidden else self._shelf.find(session)
        if not sealed and recording is not None and not recording.replica.known:
            raise Refused(BUSY, f"session {session} is being read")
        if not sealed:
            raise Refused(UNKNOWN_SESSION, f"no session {session} is recorded here")
        return self._best(session, sealed)

    def _snapshot(self, session: SessionId, moment: Moment | None) -> object:
        found = self._find(session)
        if isinstance(found, Path):
            return self._for_viewers.later(_snapshot_of, self._world.disk, found, moment)
        now, seen_at = self._time(session, found)

        def answer() -> str:
            line = found.snapshot(moment)
            writer, next_seq = found.state.writer or 0, found.next_seq
            return write_snapshot_answer(SnapshotAnswer(writer, next_seq, now, seen_at, line))

        return self._for_viewers.later(answer) if found.needs_disk_at(moment) else answer()

    def _time(self, session: SessionId, served: Served) -> tuple[int, int | None]:
        """The session's clock now, and when its provider last sent anything."""
        clock = self._recordings[session].clock
        if clock is None:
            closed = served.state.closed is not None
            return (served.place.at if closed else self._world.wall_clock()), None
        described = served.state.described
        rate = described.rate if described is not None else 1
        passed_s = self._world.monotonic() - clock.heard_at
        return clock.now + round(passed_s * 1000 * rate), clock.seen_at

    def _events(self, session: SessionId, from_seq: int, limit: int) -> object:
        found = self._find(session)
        if isinstance(found, Path):
            return self._for_viewers.later(_events_of, self._world.disk, found, from_seq, limit)

        def answer() -> str:
            return write_answer(found.answer(from_seq, limit))

        return self._for_viewers.later(answer) if found.needs_disk(from_seq) else answer()

    def _analysis(self, session: SessionId, question: Question) -> object:
        found = self._find(session)
        if isinstance(found, Path):
            return self._analyses.answer(found, None, question)
        return self._analyses.answer(found.path, found.place.seq, question)

    def stop(self) -> None:
        """Let go of what is kept for further questions."""
        self._analyses.stop()

    def proceed(self, *args: object) -> object:
        """Answer `continue(session, seq, chain)`: what goes on from there, as far as is durable.

        Raises: `Refused`.
        """
        try:
            match args:
                case (str(text), int(seq), str(chain)) if seq >= 0 and len(chain) == 16:
                    return self._proceed(SessionId(text), seq, bytes.fromhex(chain))
        except (BadValue, ValueError) as error:
            raise Refused(BAD_ARGUMENT, str(error)) from error
        raise Refused(BAD_ARGUMENT, f"expected a session, seq and chain, got {args!r:.80}")

    def _proceed(self, session: SessionId, seq: int, chain: bytes) -> object:
        recording = self._recordings.get(session)
        if recording is None:
            sealed = list(self._shelf.find(session).values())
            return self._for_services.later(_continued_of, self._world.disk, sealed, seq, chain)
        newest = recording.replica.newest_writer
        found = [
            history
            for history in recording.histories.values()
            if history.branch.durable > seq and history.branch.chains.after(seq) == chain
        ]
        history = max(found, key=lambda each: each.branch.writer or 0, default=None)
        if history is None or recording.forbidden:
            return write_continued(Continued(newest, seq + 1, ()))
        if history.served is not None:
            return self._following(newest, history.served, seq + 1)
        if history.sealed_path is None:
            return write_continued(Continued(newest, seq + 1, ()))
        path = history.sealed_path
        return self._for_services.later(_continued_by, self._world.disk, path, newest, seq)

    def _following(self, newest: int, served: Served, from_seq: int) -> object:
        def answer() -> str:
            return write_continued(_following(newest, served.answer(from_seq, MAX_LINES)))

        if served.needs_disk(from_seq):
            return self._for_services.later(answer)
        return answer()


def _asked(procedure: str) -> tuple[SessionId, str]:
    name, _, verb = procedure.removeprefix(SESSIONS).partition(".")
    try:
        return SessionId(name), verb
    except BadValue as error:
        raise Refused(UNKNOWN_SESSION, str(error)) from error


def _snapshot_of(disk: Disk, path: Path, moment: Moment | None) -> str:
    with open_reader(disk, path) as reader:
        last = reader.last()
        place, writer = last.place, last.state.writer or 0
        line = (last if moment is None else reader.at(moment)).snapshot()
    return write_snapshot_answer(SnapshotAnswer(writer, place.seq + 1, place.at, None, line))


def _events_of(disk: Disk, path: Path, from_seq: int, limit: int) -> str:
    return write_answer(answer_from(disk, path, from_seq, limit))


def _continued_of(disk: Disk, paths: list[Path], seq: int, chain: bytes) -> str:
    newest, found = 0, []
    for path in paths:
        with open_reader(disk, path) as reader:
            last = reader.last()
            writer = last.state.writer or 0
            newest = max(newest, writer)
            if last.seq > seq and reader.at(Seq(seq)).chain == chain:
                found.append((writer, path))
    if not found:
        return write_continued(Continued(newest, seq + 1, ()))
    return _continued_by(disk, max(found)[1], newest, seq)


def _continued_by(disk: Disk, path: Path, newest: int, seq: int) -> str:
    return write_continued(_following(newest, answer_from(disk, path, seq + 1, MAX_LINES)))


def _following(newest: int, answer: Answer) -> Continued:
    return Continued(newest, answer.from_seq, answer.lines)
