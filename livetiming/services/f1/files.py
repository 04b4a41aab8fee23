"""The files of a stored feed: which of its forms each one has, told from its first lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from livetiming.errors import BadCapture
from livetiming.services.f1.topics import is_known, of_stem

MAX_LINE = 8 * 1024 * 1024
MAX_STATE = 16 * 1024 * 1024
_HEAD = 50
_SEARCHED = 100_000
_SUFFIXES = frozenset({".txt", ".raw", ".jsonstream", ".json", ".jsonl", ".log", ""})
_OFFSET = re.compile(r"\d\d:\d\d:\d\d\.\d{3}\s*[{\[\"]", re.ASCII)
_LINE = re.compile(r"""\{"(?:H|M|A|C|R|I|S|G|Type|type)":|\[\s*['"][A-Za-z0-9.]+['"]\s*,""")
_NAMED = re.compile(r'"([A-Za-z0-9.]{3,40})"\s*:\s*[{"]')


class Form(Enum):
    """How a file stores the feed."""

    LINES = "a message a line"
    TOPIC = "one topic, a time and a message a line"
    DOCUMENT = "one topic, one message without a time"
    STATE = "states of topics"
    UNKNOWN = "nothing of the kind"


class File(NamedTuple):
    """A file of a stored feed.

    Args:
        path: where it is.
        form: how it stores the feed.
        topic: that it holds, where it holds only one.
    """

    path: Path
    form: Form
    topic: str = ""

    def lines(self) -> Iterator[str]:
        """Its lines that are not empty.

        Raises: `BadCapture` where it cannot be read, or a line has no end.
        """
        return _lines(self.path)

    def text(self) -> str:
        """All of it.

        Raises: `BadCapture` where it cannot be read, or is too long.
        """
        try:
            with self.path.open(encoding="utf-8-sig", errors="replace") as file:
                text = file.read(MAX_STATE + 1)
        except OSError as error:
            raise BadCapture(f"{self.path}: cannot be read: {error.strerror}") from error
        if len(text) > MAX_STATE:
            raise BadCapture(f"{self.path}: expected at most {MAX_STATE} characters of a state")
        return text


def look_at(path: Path) -> File:
    """Find out what a file is.

    Raises: `BadCapture` where it cannot be read.
    """
    if path.suffix.lower() not in _SUFFIXES:
        return File(path, Form.UNKNOWN)
    topic = of_stem(path.stem if path.suffix else path.name)
    head = list(islice(_lines(path), _HEAD))
    if any(_OFFSET.match(line) for line in head):
        return File(path, Form.TOPIC, topic) if topic else File(path, Form.UNKNOWN)
    if any(_LINE.match(line) for line in head):
        return File(path, Form.LINES)
    if head and head[0].startswith("{"):
        if topic:
            return File(path, Form.DOCUMENT, topic)
        file = File(path, Form.STATE)
        if _has_states(file):
            return file
    return File(path, Form.UNKNOWN)


def _has_states(file: File) -> bool:
    """Whether a document is of states by topic; one that is damaged may be."""
    if file.path.stat().st_size > MAX_STATE:
        return False
    text = file.text()
    read = document(text)
    names = _NAMED.findall(text[:_SEARCHED]) if read is None else read
    return any(map(is_known, names))


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
            while line := file.readline(MAX_LINE):
                if len(line) == MAX_LINE:
                    raise BadCapture(f"{path}: a line is over {MAX_LINE} characters")
                if stripped := line.strip().removeprefix("\ufeff"):
                    yield stripped
    except OSError as error:
        raise BadCapture(f"{path}: cannot be read: {error.strerror}") from error


def document(text: str) -> dict[str, object] | None:
    """A map in a file, if it can be read."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
