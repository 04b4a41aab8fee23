"""Frames as a bad line, a bad provider or a bad person would send them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from livetiming.services.api import Frame

_SEPARATORS = (b",", b";", b"|", b"\t", b"\xa6")
_ODD_TEXTS = [
    *(b"", b"-1", b"0", b"99999999999999999999", b"1e9", b"NaN", b"null", b'"', b'""', b",,"),
    *(b"\x00", b"\r", b"\n", b"\xff\xfe", "\u2028".encode(), "\u202e7".encode(), b"__proto__"),
    *("٣".encode(), "é".encode(), b"e\xcc\x81", "\U0001f3ce".encode(), b"constructor", b"x" * 300),
    *(b"00:59:59.999", b"99:99:99", b"-00:00:01", b"1:60.000", b"{}", b"[]", b"true", b"}", b"]"),
]
_ODD_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 2**31, 2**53, 10**20, -0.5, 1e300, "", " ", "7", "007"),
    *("x" * 300, "\u2028", "\u202e7", "\x00", "NaN", "Infinity", "1e9", "1:60.000", "__proto__"),
    *([], {}, [[]], [None], {"": {}}, {"7": None}, {"_deleted": ["7"]}, {"0": {"0": {}}}),
    *([0] * 1000, {str(n): {} for n in range(300)}),
]

_Damage = Callable[[Random, bytes, Sequence[bytes]], bytes]


def _flip(chance: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    damaged = bytearray(data or b"0")
    damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _truncate(chance: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _splice(chance: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def _cut_out(chance: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randrange(1, 40) :]


def _insert(chance: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(_ODD_TEXTS) + data[place:]


def _blow_up(chance: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    piece = chance.choice([b"9", b'"', b",", b"[", b"\xf0"])
    return data + piece * chance.choice([1, 2_000, 70_000])


def _make_up(chance: Random, _data: bytes, _others: Sequence[bytes]) -> bytes:
    """Something that no frame was the beginning of: bytes, words, or a document."""
    kind = chance.randrange(3)
    if kind == 0:
        return chance.randbytes(chance.randrange(200))
    if kind == 1:
        words = [chance.choice(_ODD_TEXTS) for _ in range(chance.randrange(20))]
        return chance.choice(_SEPARATORS).join(words)
    return json.dumps(_document(chance, 4)).encode()


def _document(chance: Random, depth: int) -> Any:
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(_ODD_VALUES)
    parts = [_document(chance, depth - 1) for _ in range(chance.randrange(5))]
    return parts if chance.random() < 0.5 else dict(zip("7abLinesM", parts, strict=False))


def _change_field(chance: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    separator = max(_SEPARATORS, key=data.count)
    fields = data.split(separator)
    one, other = chance.randrange(len(fields)), chance.randrange(len(fields))
    if chance.random() < 0.5:
        fields[one] = chance.choice(_ODD_TEXTS)
    else:
        fields[one], fields[other] = fields[other], fields[one]
    return separator.join(fields)


def _change_type(chance: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Put something of another type, or another key, somewhere into a document."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return _change_field(chance, data, others)
    places = list(_places(document))
    if not places:
        return json.dumps(chance.choice(_ODD_VALUES)).encode()
    parent, key = chance.choice(places)
    if isinstance(parent, dict) and chance.random() < 0.3:
        value = parent.pop(key)
        if chance.random() < 0.7:
            parent[str(chance.choice(_ODD_VALUES))[:400]] = value
    else:
        parent[key] = chance.choice(_ODD_VALUES)
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield value, key
            yield from _places(each)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield value, index
            yield from _places(each)


_DAMAGES: tuple[_Damage, ...] = (
    *(_flip, _truncate, _splice, _cut_out, _insert, _blow_up, _change_field, _make_up),
    *(_change_type, _change_type, _change_type),
)
_OPENING = 5
"""The first frames of a feed often hold what the rest builds on."""
_WINDOW = 40


def damage(chance: Random, frame: Frame, feed: Sequence[Frame]) -> Frame:
    """Damage a frame, once or more.

    Args:
        chance: decides how.
        frame: which; its content keeps its type.
        feed: it is spliced with others of these.
    """
    others = [_as_bytes(chance.choice(feed).data)]
    data = _as_bytes(frame.data)
    while True:
        data = chance.choice(_DAMAGES)(chance, data, others)
        if chance.random() < 0.6:
            break
    if isinstance(frame.data, bytes):
        return frame._replace(data=data)
    return frame._replace(data=data.decode("utf-8", "replace"))


def _as_bytes(data: str | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.encode("utf-8", "replace")


def damaged_feed(chance: Random, feed: Sequence[Frame]) -> Iterator[tuple[Frame, bool]]:
    """A part of a feed with damaged, repeated and, at times, disordered frames.

    Args:
        chance: decides which.
        feed: whole frames.
    Returns: frames whose time never goes back, and whether each was damaged.
    """
    start = chance.randrange(len(feed))
    frames = [*feed[:_OPENING], *feed[start : start + _WINDOW]]
    if chance.random() < 0.3:
        chance.shuffle(frames)
    at = frames[0].at
    for frame in frames:
        at += chance.choice([0, 0, 40, 1000, 5000])
        for _ in range(chance.choice([1, 1, 1, 2])):
            is_damaged = chance.random() < 0.5
            sent = damage(chance, frame, feed) if is_damaged else frame
            yield sent._replace(at=at), is_damaged
