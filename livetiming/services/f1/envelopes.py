"""Every form in which messages of the feed come, live and stored: one reader for all of them."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from livetiming.services import BadFrame, Frame, read_json
from livetiming.services.f1.literals import read_literal
from livetiming.services.f1.shown import shown
from livetiming.services.f1.topics import COMPRESSED, READ, base, is_known

MAX_FRAME = 2 * 1024 * 1024
"""Characters of a frame; the longest known, the state at the end of a race, has 150,000."""
MAX_INFLATED = 1024 * 1024
_RAW_DEFLATE = -15
_INVOCATION, _COMPLETION = 1, 3
_RANKS = {topic: rank for rank, topic in enumerate(READ)}
_CLASSIC = frozenset("CMRSGILTE")
"""The keys of a message of classic SignalR; every one has one letter."""


class Message(NamedTuple):
    """A message about one topic.

    Args:
        topic: without the ending of the compressed form.
        content: its state, or what has changed of it; read it with `members`.
        is_whole: whether it is the whole state.
        stamp: the provider's time of it, as it stands there; `None` where there is none.
    """

    topic: str
    content: Any
    is_whole: bool
    stamp: Any


def read(frame: Frame) -> Iterable[Message]:
    """Read what a frame says.

    Understands, on the channel "": a record of SignalR Core, a message of classic SignalR, the
    three forms of stored lines, and a stored initial state; on a channel named by a topic, the
    JSON of one line of an archive.

    Args:
        frame: of a transport or a capture.
    Returns: its messages in order, none for those that only keep a connection alive.
    Raises: `BadFrame` where it is none of these; also while the messages are gone through.
    """
    channel, data = frame.channel, frame.data
    if len(data) > MAX_FRAME:
        raise BadFrame("long frame", f"{len(data)} of at most {MAX_FRAME}")
    if channel:
        if base(channel) not in _RANKS:
            return (Message(base(channel), None, False, None),)
        return _message(channel, read_json(data), None)
    value = _read(data)
    if type(value) is dict:
        return _of_map(value)
    if type(value) is list:
        return _of_list(value)
    raise BadFrame("message", f"expected an object or a list, got {shown(value)}")


def _read(data: str | bytes) -> Any:
    """Python's lists begin with a single quote, or have one where JSON has none."""
    if data[:2] in ("['", b"['"):
        return read_literal(_decoded(data))
    return read_json(data)


def _decoded(data: str | bytes) -> str:
    return data if isinstance(data, str) else data.decode(errors="replace")


def _of_map(value: dict[str, Any]) -> Iterable[Message]:
    kind = value.get("type")
    if kind is not None:
        return _of_core(kind, value)
    if "A" in value:
        return _of_list(value["A"])
    if "Type" in value:
        return _message(value["Type"], value.get("Json"), value.get("DateTime"))
    if value.keys() <= _CLASSIC:
        return _of_classic(value)
    return _of_state(value)


def _of_core(kind: object, record: dict[str, Any]) -> Iterable[Message]:
    """A record of SignalR Core; pings, acknowledgements and closings say nothing of the race."""
    if kind == _INVOCATION:
        return _of_list(record.get("arguments"))
    if kind == _COMPLETION and record.get("result") is not None:
        return _of_state(record["result"])
    if kind == _COMPLETION and record.get("error") is not None:
        raise BadFrame("refused", shown(record["error"]))
    if type(kind) is int:
        return ()
    raise BadFrame("message", f"unknown type {shown(kind)}")


def _of_classic(message: dict[str, Any]) -> Iterator[Message]:
    if message.get("E") is not None:
        raise BadFrame("refused", shown(message["E"]))
    if type(message.get("R")) is dict:
        yield from _of_state(message["R"])
    batch = message.get("M", [])
    if type(batch) is not list:
        raise BadFrame("message", f"expected a list of messages, got {shown(batch)}")
    for each in batch:
        if type(each) is not dict:
            raise BadFrame("message", f"expected an invocation, got {shown(each)}")
        yield from _of_list(each.get("A"))


def _of_list(value: Any) -> Iterable[Message]:
    """`[topic, content, stamp]`; without a stamp, and with JSON in a text, it is a whole state."""
    if type(value) is not list or len(value) not in (2, 3) or type(value[0]) is not str:
        raise BadFrame("message", f"expected topic, content, time, got {shown(value)}")
    topic, content = value[0], value[1]
    stamp = value[2] if len(value) == 3 else None
    if type(content) is str and stamp == "" and not topic.endswith(COMPRESSED):
        return _of_state({topic: read_json(content)})
    return _message(topic, content, stamp)


def _of_state(state: Any) -> Iterator[Message]:
    if type(state) is not dict or not any(map(is_known, state)):
        raise BadFrame("message", f"expected states by topic, got {shown(state)}")
    for topic in sorted(state, key=lambda topic: _RANKS.get(base(topic), len(_RANKS))):
        for message in _message(topic, state[topic], None):
            yield message._replace(is_whole=True)


def _message(topic: Any, content: Any, stamp: Any) -> tuple[Message]:
    if type(topic) is not str:
        raise BadFrame("message", f"expected a topic, got {shown(topic)}")
    if topic.endswith(COMPRESSED):
        topic = base(topic)
        content = _inflated(content) if topic in _RANKS else None
    return (Message(topic, content, False, stamp),)


def _inflated(content: object) -> Any:
    """Base64 of raw deflate of JSON."""
    if type(content) is not str:
        raise BadFrame("compressed", f"expected a text, got {shown(content)}")
    try:
        inflater = zlib.decompressobj(_RAW_DEFLATE)
        inflated = inflater.decompress(base64.b64decode(content, validate=True), MAX_INFLATED)
    except (zlib.error, binascii.Error, ValueError) as error:
        raise BadFrame("compressed", str(error)) from error
    if not inflater.eof:
        raise BadFrame("compressed", f"cut off, or more than {MAX_INFLATED} bytes")
    return read_json(inflated)
