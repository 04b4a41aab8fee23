"""Captures: the raw frames of a feed with the instants they arrived, kept to be played again.

The first line is `{"capture":1,"class":…,"started_at":…}`; each further one is a frame,
`[at,channel,"text"]` or `[at,channel,{"b64":"…"}]`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from livetiming.errors import BadCapture
from livetiming.services.api import CaptureHints, Frame, Plugin

MAX_FRAME = 16 * 1024 * 1024
"""Characters of one line of a capture."""
_MAX_HEAD = 4096


class CaptureWriter:
    """Writes frames as they arrive; each is in the file once `add` returns.

    Args:
        path: a new file; one that exists is never touched.
        class_: the service class whose feed it is.
        started_at: now, epoch ms.
    Raises: `BadCapture` where the file exists or cannot be made.
    """

    def __init__(self, path: Path, class_: str, started_at: int) -> None:
        try:
            self._file = path.open("xb", buffering=0)
        except OSError as error:
            raise BadCapture(f"{path}: cannot be made: {error.strerror}") from error
        self._path = path
        self._write({"capture": 1, "class": class_, "started_at": started_at})

    def _write(self, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        rest = memoryview(text.encode("utf-8", "replace") + b"\n")
        while rest:
            rest = rest[self._file.write(rest) :]

    def add(self, frame: Frame) -> None:
        """Keep a frame.

        Raises: `OSError` by the disk.
        """
        data: object = frame.data
        if isinstance(frame.data, bytes):
            data = {"b64": base64.b64encode(frame.data).decode()}
        self._write([frame.at, frame.channel, data])

    def close(self) -> None:
        """No more frames."""
        self._file.close()

    def discard(self) -> None:
        """Leave nothing behind: the feed was not even begun."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def read_frames(
    plugin: Plugin, class_: str, paths: Sequence[Path], hints: CaptureHints
) -> Iterator[Frame]:
    """Read captures: ours, or those that only the provider knows how to read.

    Args:
        plugin: the provider.
        class_: its service class.
        paths: the files, in order.
        hints: what the user knows about them.
    Returns: the frames; they may raise `BadCapture` too.
    Raises: `BadCapture` where a file is neither.
    """
    if all(_is_ours(path, class_) for path in paths):
        return chain.from_iterable(map(_read_ours, paths))
    if plugin.read_capture is None:
        raise BadCapture(f"{paths[0]}: is no capture; make one with --capture")
    return plugin.read_capture(paths, hints)


def _is_ours(path: Path, class_: str) -> bool:
    if path.is_dir():
        return False
    try:
        with path.open("rb") as file:
            line = file.readline(_MAX_HEAD)
    except OSError as error:
        raise BadCapture(f"{path}: cannot be read: {error.strerror}") from error
    if not line.startswith(b'{"capture":'):
        return False
    head = _read_json(path, 1, line.decode(errors="replace"))
    if head.get("capture") != 1 or head.get("class") != class_:
        what = f"expected a capture of {class_}, version 1, got {str(head)[:80]}"
        raise BadCapture(f"{path}: {what}")
    return True


def _read_ours(path: Path) -> Iterator[Frame]:
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        file.readline()
        number = 1
        while line := file.readline(MAX_FRAME):
            number += 1
            if line.endswith("\n"):
                yield _frame(path, number, _read_json(path, number, line))
            elif len(line) == MAX_FRAME:
                raise BadCapture(f"{path}: line {number} is over {MAX_FRAME} characters")


def _read_json(path: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadCapture(f"{path}: line {number} is no JSON: {error}") from error


def _frame(path: Path, number: int, value: Any) -> Frame:
    match value:
        case [int(at), str(channel), str(text)]:
            return Frame(at, channel, text)
        case [int(at), str(channel), {"b64": str(text)}]:
            try:
                return Frame(at, channel, base64.b64decode(text, validate=True))
            except ValueError as error:
                raise BadCapture(f"{path}: line {number}: {error}") from error
    raise BadCapture(f"{path}: line {number}: expected [at, channel, data], got {str(value)[:80]}")
