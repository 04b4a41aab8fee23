"""What makes a short session of a world as good as a long one: less work, and small numbers."""

import contextlib
from unittest import mock

from livetiming.events import codec
from livetiming.events.log import writer
from livetiming.network import served

_LINES = {}
_read_usual, _read_any = codec.read_usual, codec._read_any


def _usual_once(lines):
    found = [_LINES.get(line) for line in lines]
    if None not in found:
        return found
    found = _read_usual(lines)
    if found is not None:
        _LINES.update(zip(lines, found, strict=True))
    return found


def _any_once(line):
    event = _LINES.get(line)
    if event is None:
        event = _LINES[line] = _read_any(line)
    return event


@contextlib.contextmanager
def lines_remembered():
    """Each line is read once in a world: a dozen parts of it read the same ones.

    Reading is pure, events are never changed, and the fold copies what it takes from them.
    """
    _LINES.clear()
    with (
        mock.patch.object(codec, "read_usual", _usual_once),
        mock.patch.object(codec, "_read_any", _any_once),
    ):
        yield


@contextlib.contextmanager
def small_numbers():
    """Tails roll each minute, answers are short, and little of a log is kept in memory."""
    with (
        mock.patch.object(writer, "ROLL_MS", 60_000),
        mock.patch.object(served, "MAX_LINES", 12),
        mock.patch.object(served, "KEPT_LINES", 30),
    ):
        yield
