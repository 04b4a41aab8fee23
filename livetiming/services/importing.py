"""A capture through a provider's parser as fast as it goes: one sealed log for each session."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from livetiming.errors import BadCapture
from livetiming.events import (
    Changed,
    Closed,
    CloseReason,
    Event,
    Payload,
    SessionId,
)
from livetiming.events.log import Disk, Folded, FoldedLog, SealedWriter, number
from livetiming.events.model import MAX_INTEGER
from livetiming.events.plain import shown
from livetiming.services.api import Frame, Generator, Parser
from livetiming.services.recorder import GROUP_MS, Recorder
from livetiming.services.sessions import EventLog, Report
from livetiming.services.terms import Terms


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """A session that was imported.

    Args:
        session: its id.
        path: its log.
        name: series or event.
        description: the session in words.
        class_: the service class.
        key: the provider's own identity of it.
        events: how many.
        cars: how many different ones.
        first_at: the instant of the first event, epoch ms.
        last_at: of the last.
        skipped: frames and values that could not be read from its opening to its end.
    """

    session: str
    path: str
    name: str
    description: str
    class_: str = msgspec.field(name="class")
    key: str | None
    events: int
    cars: int
    first_at: int
    last_at: int
    skipped: int


class _ImportedLog(FoldedLog):
    """The log of one session, sealed as it is written."""

    def __init__(self, disk: Disk, path: Path, session: SessionId, skipped: int) -> None:
        super().__init__(Folded(session))
        self.path = path
        self.skipped_before = skipped
        self.cars: set[str] = set()
        self.first_at = 0
        self.sealed = SealedWriter(disk, path, self._folded)

    def append(self, payload: Payload, at: int, source_at: int | None = None) -> Event:
        if isinstance(payload, Closed):
            payload = Closed(payload.reason)  # whether the next session is kept is not known yet
        event, line = number(self._folded, payload, at, source_at)
        self.first_at = self.first_at or event.at
        if isinstance(event.payload, Changed):
            self.cars.update(event.payload.cars)
        self.sealed.add(line, event)
        return event


class Importer:
    """Imports the frames of one capture.

    Args:
        disk: where to write.
        folder: for the logs.
        digest: of the capture; with the session's number it makes the session's id, so that the
            same capture always gives the same logs.
        parser: of the feed.
        terms: of its sessions.
        generators: derive messages.
        report: told of bad frames.
    """

    def __init__(
        self,
        disk: Disk,
        folder: Path,
        digest: bytes,
        parser: Parser,
        terms: Terms,
        generators: Iterable[Generator],
        report: Report,
    ) -> None:
        self._disk = disk
        self._folder = folder
        self._digest = digest
        self._opened = 0
        self._open: dict[SessionId, _ImportedLog] = {}
        self._report = report
        self.recorder = Recorder(parser, terms, self, generators, report)
        self.imported: list[Imported] = []

    def new_id(self) -> SessionId:
        """See `Sessions`."""
        self._opened += 1
        text = self._digest + str(self._opened).encode()
        return SessionId(hashlib.blake2b(text, digest_size=16).hexdigest())

    def open(self, session: SessionId) -> EventLog:
        """See `Sessions`."""
        skipped = self.recorder.skipped.total()
        path = self._folder / f"{session}.jsonl.zst"
        log = _ImportedLog(self._disk, path, session, skipped)
        self._open[session] = log
        return log

    def close(self, log: EventLog) -> None:
        """See `Sessions`; a session that never had a car is not kept."""
        opened = self._open[log.session]
        if opened.cars:
            opened.sealed.finish()
            self.imported.append(_summary(opened, self.recorder.skipped.total()))
        else:
            opened.sealed.discard()
        del self._open[log.session]

    def run(self, frames: Iterable[Frame], progress: Callable[[int], None]) -> list[Imported]:
        """Import all frames.

        Args:
            frames: in the order of their arrival.
            progress: told how many frames were read, now and then.
        Returns: the sessions, in their order.
        Raises: `LogFailed` by the disk, `BadCapture` by the frames; nothing half-written stays.
        """
        try:
            record(self.recorder, filter(self._has_time, frames), progress)
        except BaseException:
            for log in self._open.values():
                log.sealed.discard()
            raise
        return self.imported

    def _has_time(self, frame: Frame) -> bool:
        """Whether a log can hold a frame's instant; a frame of another one is skipped."""
        if type(frame.at) is int and 0 <= frame.at <= MAX_INTEGER:
            return True
        self.recorder.skipped["time"] += 1
        if self.recorder.skipped["time"] == 1:
            self._report("time", f"a frame of {shown(frame.at)}, expected epoch ms within 2^53")
        return False


def record(
    recorder: Recorder, frames: Iterable[Frame], progress: Callable[[int], None] = lambda _: None
) -> None:
    """Give a recorder all frames of a capture, in groups as they arrived, and end its session.

    Args:
        recorder: of the capture.
        frames: in the order of their arrival.
        progress: told how many frames were read, now and then.
    """
    began = last = None
    for count, frame in enumerate(frames):
        if last is not None and began is not None and frame.at - began >= GROUP_MS:
            recorder.flush(last)
            began = None
        began = frame.at if began is None else began
        last = frame.at
        recorder.receive(frame)
        if count % 1000 == 0:
            progress(count)
    recorder.flush(last or 0)
    recorder.close(CloseReason.ENDED, last or 0)


def _summary(log: _ImportedLog, skipped: int) -> Imported:
    described = log.state.described
    if described is None:
        raise BadCapture(f"{log.path}: a session without a description")
    return Imported(
        session=str(log.session),
        path=str(log.path),
        name=described.name,
        description=described.description,
        class_=described.class_,
        key=described.key,
        events=log.place.seq,
        cars=len(log.cars),
        first_at=log.first_at,
        last_at=log.place.at,
        skipped=skipped - log.skipped_before,
    )


def capture_digest(class_: str, paths: Sequence[Path]) -> bytes:
    """What stands for a capture: its class and all its bytes, a folder's files by their names.

    Raises: `BadCapture` where a file cannot be read.
    """
    digest = hashlib.blake2b(class_.encode() + b"\0", digest_size=16)
    for path in _files(paths):
        try:
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
        except OSError as error:
            raise BadCapture(f"{path}: cannot be read: {error.strerror}") from error
    return digest.digest()


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.iterdir() if file.is_file())
        else:
            yield path
