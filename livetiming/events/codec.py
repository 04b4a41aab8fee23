"""Events to lines and back: one JSON object on one line, the same bytes everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import msgspec

from livetiming.errors import BadLine, BadValue
from livetiming.events.model import MAX_INTEGER, Event, Payload, Unknown
from livetiming.events.reading import check_number, check_payload, check_written
from livetiming.events.usual import read_usual

MAX_LINE = 64 * 1024
"""Bytes of an event line, without its line feed."""
MAX_DEPTH = 8
_AT_ONCE = 64
"""Lines that are read together; a seek reads half of that in vain."""

_HEAD = re.compile(
    rb'\{"seq":([1-9]\d{0,15}),"at":(\d{1,16}),"type":"(\w{1,64})"(?:,"source_at":(-?\d{1,16}))?'
)
_TAGS: frozenset[str] = frozenset(str(kind.__struct_config__.tag) for kind in Payload.__args__)
_encoder = msgspec.json.Encoder()
_payload_decoder: msgspec.json.Decoder[Payload] = msgspec.json.Decoder(Payload)


def encode(event: Event) -> bytes:
    """Write an event as its line.

    Returns: UTF-8, without the line feed; `seq`, `at` and `type` first, in this order.
    """
    if isinstance(event.payload, Unknown):
        return event.payload.line
    raw = _encoder.encode(event.payload)
    head = b'{"seq":%d,"at":%d,' % (event.seq, event.at)
    if event.source_at is None:
        return head + raw[1:]
    end = raw.index(b'"', len(b'{"type":"')) + 1
    return head + raw[1:end] + b',"source_at":%d' % event.source_at + raw[end:]


def decode(line: bytes) -> Event:
    """Read a line.

    A line that we would write the same way is proven by writing it again, and only its names and
    numbers are looked at; any other goes through a slower reading that also refuses duplicate
    keys, numbers written in another way and too deep nesting.

    Args:
        line: without its line feed.
    Returns: the event; one of an unknown type as `Unknown`.
    Raises: `BadLine`, naming the field, what was expected and what came.
    """
    usual = read_usual((line,))
    return usual[0] if usual else _read_any(line)


def decode_all(lines: Sequence[bytes]) -> Iterator[tuple[bytes, Event]]:
    """Read lines as `decode` does, in half the time.

    Args:
        lines: without their line feeds.
    Returns: each with its event; some are read before the first is given.
    Raises: `BadLine` in place of the line that is bad.
    """
    blocks = (lines[start : start + _AT_ONCE] for start in range(0, len(lines), _AT_ONCE))
    return chain.from_iterable(zip(block, _read_block(block), strict=True) for block in blocks)


def _read_block(lines: Sequence[bytes]) -> Iterable[Event]:
    """Half and half again, so that one unusual line slows down few others."""
    usual = read_usual(lines)
    if usual is not None:
        return usual
    if len(lines) == 1:
        return map(_read_any, lines)
    half = len(lines) // 2
    return chain(_read_block(lines[:half]), _read_block(lines[half:]))


def _read_any(line: bytes) -> Event:
    if len(line) > MAX_LINE:
        raise BadLine(f"line: expected at most {MAX_LINE} bytes, got {len(line)}")
    head = _HEAD.match(line)
    if head is None:
        raise BadLine(f"line: expected seq, at and type first, got {line[:80]!r}")
    seq, at, tag, source_at = head.groups()
    name = tag.decode()
    payload = _payload(line) if name in _TAGS else Unknown(name, line)
    event = Event(int(seq), int(at), payload, None if source_at is None else int(source_at))
    if event.seq > MAX_INTEGER or event.at > MAX_INTEGER or abs(event.source_at or 0) > MAX_INTEGER:
        raise BadLine(f"line: expected seq, at and source_at within 2^53, got {line[:80]!r}")
    if isinstance(payload, Unknown) or encode(event) != line:
        return _foreign(event, line)
    return event


def _payload(line: bytes) -> Payload:
    try:
        payload = _payload_decoder.decode(line)
        check_payload(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, BadValue, RecursionError) as error:
        raise BadLine(f"{_in_short(error)}; in {line[:80]!r}") from error
    return payload


def _in_short(error: Exception) -> str:
    """The end of a message names the field; between may stand all of a line."""
    said = str(error)
    return said if len(said) <= 200 else f"{said[:120]}…{said[-60:]}"


def _foreign(event: Event, line: bytes) -> Event:
    """Look again at a line that we would write in another way, or not at all."""
    raw = strict_json(line)
    source_at = raw.get("source_at")
    if isinstance(event.payload, Unknown):
        return event._replace(source_at=source_at if type(source_at) is int else None)
    try:
        check_written(event.payload, raw)
        if type(source_at) is not int and "source_at" in raw:
            raise BadValue(f"source_at: expected an integer, got {source_at!r:.40}")
    except BadValue as error:
        raise BadLine(f"{error}; in {line[:80]!r}") from error
    return event._replace(source_at=source_at)


def strict_json(text: bytes) -> Any:
    """Read JSON that somebody else wrote.

    Raises: `BadLine` for duplicate keys, more than eight levels, and numbers that are not exact
        or not written in the one way (`21`, never `21.0`).
    """
    try:
        value = json.loads(
            text.decode(),
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_int=_integer,
            parse_float=_fraction,
        )
    except (ValueError, BadValue, RecursionError) as error:
        raise BadLine(f"{_in_short(error)}; in {text[:80]!r}") from error
    _check_depth(value, MAX_DEPTH)
    return value


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    listed = list(pairs)
    found = dict(listed)
    if len(found) != len(listed):
        raise ValueError("a key stands twice in one object")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


def _integer(digits: str) -> int:
    if len(digits) > 20 or digits == "-0":
        raise ValueError(f"an integer of {len(digits)} digits, or -0")
    number = int(digits)
    check_number("number", number)
    return number


def _fraction(digits: str) -> float:
    if "e" in digits.lower() or digits.endswith("0"):
        raise ValueError(f"{digits[:40]} is not how this number is written")
    number = float(digits)
    check_number("number", number)
    if len(digits.partition(".")[2]) > 4:
        raise ValueError(f"{digits[:40]} has more than 4 decimals")
    return number


def _check_depth(value: Any, left: int) -> None:
    if isinstance(value, dict | list):
        if left == 0:
            raise BadLine(f"expected at most {MAX_DEPTH} levels of nesting")
        for item in value.values() if isinstance(value, dict) else value:
            _check_depth(item, left - 1)
