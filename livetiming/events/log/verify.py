"""Proving that a log is as it was written: every line, every chain, every byte of the index."""

from __future__ import annotations

import zlib
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from livetiming.disk import Disk, reading
from livetiming.errors import BadLine, BadState, BadValue, LogDamaged
from livetiming.events.log.fold import TIMING, Fold
from livetiming.events.log.folded import Folded, Place, at_snapshot
from livetiming.events.log.index import IndexedFrame, write_trailer
from livetiming.events.log.lines import read_head, read_state
from livetiming.events.log.part import Form, Part, Parts
from livetiming.events.log.parts import open_parts
from livetiming.events.log.paths import TAIL
from livetiming.events.log.sealed import SealedParts, open_sealed
from livetiming.events.model import Payload, Unknown
from livetiming.events.values import SessionId, clean


class Status(StrEnum):
    """How a log is: as it was written, cut off at its end, or changed."""

    WHOLE = "whole"
    TORN = "torn"
    DAMAGED = "damaged"


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a log, and where.

    Args:
        offset: the byte of its file.
        frame: the frame's number, from 0; `None` in a tail.
        seq: the last event known to be good.
        what: in words.
    """

    offset: int
    frame: int | None
    seq: int
    what: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying a log found.

    Args:
        status: how it is.
        form: growing or sealed; `None` where that cannot be told.
        session: whose it is.
        events: how many were proven.
        frames: how many were opened.
        chain: after the last proven event, 16 hexadecimal digits.
        problem: what is wrong.
    """

    status: Status
    form: Form | None
    session: SessionId | None
    events: int
    frames: int
    chain: str
    problem: Problem | None


class _Wrong(Exception):
    """Something in a part does not fit."""


def verify(disk: Disk, path: Path, fold: Fold[Any] = TIMING) -> Verdict:
    """Read all of a log and compare it with what its own rules say it must be.

    Args:
        disk: where it is.
        path: one of its files.
        fold: how its events add up; as a session's where none is given.
    Raises: `NoLog` where there is none; `LogError` where it cannot be read.
    """
    try:
        parts = open_parts(disk, path, fold)
    except LogDamaged as error:
        return _verdict(Status.DAMAGED, problem=_problem(error))
    try:
        return _Check(parts, fold).verdict()
    finally:
        parts.close()


def verify_sealed(disk: Disk, path: Path) -> Verdict:
    """Verify a sealed log that has not got its name yet.

    Args:
        disk: where it is.
        path: its file, whatever it is called.
    Raises: `NoLog`; `LogError` where it cannot be read.
    """
    with reading(path):
        try:
            parts = open_sealed(path, disk.open(path))
        except LogDamaged as error:
            return _verdict(Status.DAMAGED, problem=_problem(error))
        try:
            return _Check(parts, TIMING).verdict()
        finally:
            parts.close()


def _verdict(
    status: Status,
    *,
    form: Form | None = None,
    folded: Folded[Any] | None = None,
    before: int = 0,
    frames: int = 0,
    problem: Problem | None = None,
) -> Verdict:
    return Verdict(
        status=status,
        form=form,
        session=folded.session if folded else None,
        events=folded.seq - before if folded else 0,
        frames=frames,
        chain=folded.chain.hex() if folded else "",
        problem=problem,
    )


def _problem(error: LogDamaged) -> Problem:
    return Problem(error.offset, error.frame, error.seq, error.problem)


class _Check:
    """One walk through a log."""

    def __init__(self, parts: Parts, fold: Fold[Any]) -> None:
        self._parts = parts
        self._fold = fold
        self._folded = Folded(parts.session, None, None, fold)
        self._before = 0
        self._indexed: list[IndexedFrame] = []
        self._checksums: list[bytes] = []

    def verdict(self) -> Verdict:
        parts = self._parts
        for number in range(len(parts)):
            try:
                self._check_part(number, parts.read(number))
            except LogDamaged as error:
                return self._result(Status.DAMAGED, number, _problem(error))
            except _Wrong as error:
                return self._result(Status.DAMAGED, number, self._at_part(number, str(error)))
        if isinstance(parts, SealedParts) and parts.index is not None:
            return self._check_trailer(parts)
        return self._check_end()

    def _result(self, status: Status, frames: int, problem: Problem | None) -> Verdict:
        return _verdict(
            status,
            form=self._parts.form,
            folded=self._folded,
            before=self._before,
            frames=frames,
            problem=problem,
        )

    def _at_part(self, number: int, what: str) -> Problem:
        path, offset = self._parts.where(number)
        frame = None if path.name.endswith(TAIL) else number
        return Problem(offset, frame, self._folded.seq, what)

    def _check_part(self, number: int, part: Part) -> None:
        if number == 0:
            self._begin(part)
        self._check_snapshot(part, number)
        first: Place | None = None
        for line in part.lines:
            self._step(line)
            first = first or self._folded.place
        if first is None and self._parts.form is Form.SEALED:
            raise _Wrong("a frame without an event")
        if isinstance(self._parts, SealedParts) and first is not None:
            self._note_frame(self._parts.frame(number), self._parts.where(number)[1], part, first)

    def _begin(self, part: Part) -> None:
        """A clip begins with the state before its first line; all other logs with nothing."""
        head = read_head(part.snapshot)
        if head.seq and head.version == self._fold.version:
            try:
                self._folded = at_snapshot(part.snapshot, self._fold)
            except BadLine as error:
                raise _Wrong(str(error)) from error
            self._before = head.seq

    def _check_snapshot(self, part: Part, number: int) -> None:
        head, folded = read_head(part.snapshot), self._folded
        at = head.at if number == 0 else folded.at
        found = (head.session, head.seq, head.at, head.chain)
        if found != (folded.session, folded.seq, at, folded.chain):
            raise _Wrong(f"the snapshot after event {head.seq} does not follow event {folded.seq}")
        if head.version != self._fold.version:
            return
        try:
            state = read_state(part.snapshot, self._fold)
        except BadLine as error:
            raise _Wrong(str(error)) from error
        if self._fold.canonical(state) != self._fold.canonical(folded.state):
            raise _Wrong(f"the snapshot after event {head.seq} is not what its events add up to")

    def _step(self, line: bytes) -> None:
        seq = self._folded.seq
        try:
            event = self._folded.step(line)
        except (BadLine, BadState) as error:
            raise _Wrong(str(error)) from error
        if not isinstance(event.payload, Unknown):
            _check_values(event.payload, seq + 1)

    def _note_frame(self, frame: bytes, offset: int, part: Part, first: Place) -> None:
        self._indexed.append(
            IndexedFrame(
                offset=offset,
                length=len(frame),
                crc32=zlib.crc32(frame),
                raw_length=len(part.snapshot) + 1 + sum(len(line) + 1 for line in part.lines),
                first_seq=first.seq,
                first_at=first.at,
                last_seq=self._folded.seq,
                last_at=self._folded.at,
            )
        )
        self._checksums.append(frame[-4:])

    def _check_trailer(self, parts: SealedParts) -> Verdict:
        folded = self._folded
        offset, found = parts.trailer()
        expected = write_trailer(
            folded.session, folded.seq, folded.chain, self._indexed, self._checksums
        )
        if found == expected:
            return self._result(Status.WHOLE, len(parts), None)
        differs = next(
            (i for i, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b),
            min(len(found), len(expected)),
        )
        what = "the index or the seek table is not what the frames add up to"
        problem = Problem(offset + differs, None, folded.seq, what)
        return self._result(Status.DAMAGED, len(parts), problem)

    def _check_end(self) -> Verdict:
        torn = self._parts.torn
        if not torn and self._parts.form is Form.GROWING:
            return self._result(Status.WHOLE, len(self._parts), None)
        offset = torn[0].offset
        what = f"{sum(len(part.data) for part in torn)} bytes belong to no whole line or frame"
        if not torn[0].data:
            what = "the index and the seek table are missing"
        problem = Problem(offset, None, self._folded.seq, what)
        return self._result(Status.TORN, len(self._parts), problem)


def _check_values(payload: Payload, seq: int) -> None:
    try:
        cleaned = clean(payload)
    except BadValue as error:
        raise _Wrong(f"event {seq}: {error}") from error
    if msgspec.json.encode(cleaned) != msgspec.json.encode(payload):
        raise _Wrong(f"event {seq}: a value in a form that is not written")
