"""What the messages of the wire have in common: how long they may be, and their fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from livetiming.errors import LivetimingError
from livetiming.events.codec import MAX_LINE
from livetiming.events.log.lines import GENESIS
from livetiming.events.model import MAX_INTEGER
from livetiming.events.plain import shown

MAX_MESSAGE = 64 * 1024
"""Bytes of lines in one message on a topic, unless one line alone is longer."""
MAX_ANSWER = 256 * 1024
"""Bytes of lines in one answer; as JSON that stays far below the router's limit."""
MAX_LINES = 500
"""Lines in one answer."""

Writer = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Seq = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
NextSeq = Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
At = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Chain = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]

_Struct = TypeVar("_Struct")


class BadMessage(LivetimingError):
    """Somebody sent what is no message of ours: it is dropped, counted and logged once."""


def portions(lines: Iterable[bytes], size: int, number: int) -> Iterator[tuple[bytes, ...]]:
    """Cut lines into what fits into messages.

    Args:
        lines: without line feeds.
        size: bytes that fit, with line feeds; a longer line goes alone.
        number: of lines that fit.
    """
    portion: list[bytes] = []
    room = size
    for line in lines:
        if portion and (len(line) + 1 > room or len(portion) == number):
            yield tuple(portion)
            portion, room = [], size
        portion.append(line)
        room -= len(line) + 1
    if portion:
        yield tuple(portion)


def read_json(kind: type[_Struct], text: object) -> _Struct:
    """Read a JSON text of one shape.

    Raises: `BadMessage`.
    """
    if not isinstance(text, str):
        raise BadMessage(f"expected JSON text, got {shown(text)}")
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError) as error:
        raise BadMessage(f"{error}; in {text[:80]!r}") from error


def write_json(struct: msgspec.Struct) -> str:
    """Write it as JSON text."""
    return msgspec.json.encode(struct).decode()


def split_lines(text: str) -> tuple[bytes, ...]:
    """Split lines, each with its line feed.

    Raises: `BadMessage`.
    """
    if not text.endswith("\n"):
        raise BadMessage(f"lines: expected each with its line feed, got {shown(text[-40:])}")
    try:
        lines = tuple(text[:-1].encode().split(b"\n"))
    except UnicodeEncodeError as error:
        raise BadMessage(f"lines: {error.reason}") from error
    if any(len(line) > MAX_LINE for line in lines):
        raise BadMessage(f"lines: expected at most {MAX_LINE} bytes each")
    return lines


def join_lines(lines: Iterable[bytes]) -> str:
    """Write lines, each with its line feed."""
    return b"".join(line + b"\n" for line in lines).decode()


def chain_of(text: str) -> bytes:
    """Read a chain.

    Raises: `BadMessage`.
    """
    if len(text) != 2 * len(GENESIS) or not set(text) <= set("0123456789abcdef"):
        raise BadMessage(f"chain: expected 16 hexadecimal digits, got {shown(text)}")
    return bytes.fromhex(text)


def writer_of(number: int) -> int:
    """Read a writer.

    Raises: `BadMessage`.
    """
    return number_of("writer", number)


def next_seq_of(number: int) -> int:
    """Read the number of a line.

    Raises: `BadMessage`.
    """
    if number < 1:
        raise BadMessage(f"seq: expected at least 1, got {shown(number)}")
    return number_of("seq", number)


def number_of(field: str, number: int) -> int:
    """Read an instant, a writer or a place in a log.

    Raises: `BadMessage`, naming the field.
    """
    if isinstance(number, bool) or not 0 <= number <= MAX_INTEGER:
        raise BadMessage(f"{field}: expected 0 to 2^53, got {shown(number)}")
    return number
