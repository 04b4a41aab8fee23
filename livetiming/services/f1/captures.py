"""Stored feeds in every form that archives have, as frames with the instants they arrived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from livetiming.errors import BadCapture
from livetiming.services import CaptureHints, Frame
from livetiming.services.f1.archives import Archive
from livetiming.services.f1.files import File, Form, look_at
from livetiming.services.f1.stamps import Steps, line_stamp, state_instant

_STATE = "subscribe.txt"


def read_captures(paths: Sequence[Path], hints: CaptureHints) -> Iterator[Frame]:
    """Read the files of one feed: lines, an archive's topics, initial states.

    The files of one folder are read together, folder after folder: an archive comes in the order
    of its times, lines come as they stand; a `subscribe.txt` beside a file comes before it. Time
    never goes back.

    Args:
        paths: files, or folders of them, oldest first.
        hints: the first day and the zone, where an archive has no date.
    Raises: `BadCapture` where a file is none of these.
    """
    last = 0
    for files in _folders(paths):
        for frame in _frames(files, hints):
            last = max(last, frame.at)
            yield frame._replace(at=last)


def _folders(paths: Sequence[Path]) -> list[list[File]]:
    found: dict[Path, dict[Path, File]] = {}
    for path in paths:
        if path.is_dir():
            inside = [file for file in map(look_at, _inside(path)) if file.form is not Form.UNKNOWN]
            if not inside:
                raise BadCapture(f"{path}: no file in it is a Formula 1 capture")
        else:
            inside = [*_beside(path), _known(path)]
        folder = found.setdefault(path if path.is_dir() else path.parent, {})
        folder.update((file.path, file) for file in inside)
    return [list(files.values()) for files in found.values()]


def _inside(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def _beside(path: Path) -> Iterator[File]:
    state = path.with_name(_STATE)
    if state != path and state.is_file():
        file = look_at(state)
        if file.form is Form.STATE:
            yield file


def _known(path: Path) -> File:
    file = look_at(path)
    if file.form is Form.UNKNOWN:
        what = "expected lines or a state of the feed, or a topic of an archive, named by it"
        raise BadCapture(f"{path}: {what}")
    return file


def _frames(files: list[File], hints: CaptureHints) -> Iterator[Frame]:
    states = sorted(map(_state, (file for file in files if file.form is Form.STATE)))
    lines = [file for file in files if file.form is Form.LINES]
    topics = [file for file in files if file.form in (Form.TOPIC, Form.DOCUMENT)]
    if topics:
        archive = Archive(topics, hints)
        start = archive.start_at
        yield from (Frame(start, "", text) for _, text in states)
        yield from archive.frames()
    yield from _of_lines(lines, [] if topics else states)


def _state(file: File) -> tuple[int, str]:
    text = file.text()
    return state_instant(text), text


def _of_lines(files: Iterable[File], states: list[tuple[int, str]]) -> Iterator[Frame]:
    """A state comes at the first instant of the lines, at which their recorder had it; where no
    line has an instant, at its own.
    """
    waiting: list[Frame] = []
    steps = Steps()
    for file in files:
        for line in file.lines():
            at = steps.take(line_stamp(line))
            frame = Frame(at or 0, "", line)
            if at is None:
                waiting.append(frame)
                continue
            if states or waiting:
                yield from (Frame(at, "", text) for _, text in states)
                yield from (each._replace(at=at) for each in waiting)
                states, waiting = [], []
            yield frame
    yield from (Frame(of, "", text) for of, text in states)
    last = states[-1][0] if states else 0
    yield from (each._replace(at=last) for each in waiting)
