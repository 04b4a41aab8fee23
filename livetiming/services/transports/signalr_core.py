"""The conversation of SignalR Core's JSON protocol (its "HubProtocol" specification, version 1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from livetiming.services.transports.conversation import Answer, Breach, Record, shown
from livetiming.services.transports.records import RecordSplitter

_SEPARATOR = "\x1e"
_INVOCATION, _COMPLETION, _PING, _CLOSE = 1, 3, 6, 7
_ID = "0"


class _Head(msgspec.Struct, rename="camel"):
    """What of a record concerns the connection."""

    type: int = 0
    error: str | None = None
    invocation_id: str | None = None
    allow_reconnect: bool = False


class _Greeting(msgspec.Struct):
    error: str | None = None


_head = msgspec.json.Decoder(_Head).decode
_greeting = msgspec.json.Decoder(_Greeting).decode


class SignalRConversation:
    """Agrees on JSON, calls one method, and takes what comes; see `Conversation`.

    Every record but the answer to the handshake is delivered, those of unknown types too.

    Args:
        method: of the hub, called once.
        arguments: of the call.
        max_record: characters of a record.
    """

    def __init__(self, method: str, arguments: Sequence[Any], max_record: int) -> None:
        self.settled = False
        self._method = method
        self._arguments = list(arguments)
        self._splitter = RecordSplitter(_SEPARATOR, max_record)

    def begin(self) -> Iterator[Answer]:
        """Propose JSON."""
        yield _said({"protocol": "json", "version": 1})

    def hear(self, message: str | bytes) -> Iterator[Record | Answer]:
        """Take records, or pieces of them."""
        text = message if isinstance(message, str) else message.decode(errors="replace")
        for record in self._splitter.feed(text):
            if not record:
                continue
            if self.settled:
                yield Record(record)
                self._heed(record)
            else:
                yield self._call(record)

    def ping(self) -> Answer:
        """A record of the protocol: servers hang up on who sends none."""
        return _said({"type": _PING})

    def _call(self, greeting: str) -> Answer:
        try:
            error = _greeting(greeting).error
        except (msgspec.DecodeError, RecursionError) as broken:
            raise Breach(f"expected an answer to the handshake, got {shown(greeting)}") from broken
        if error is not None:
            raise Breach(f"refuses the handshake: {error[:200]}")
        self.settled = True
        return _said(
            {
                "type": _INVOCATION,
                "invocationId": _ID,
                "target": self._method,
                "arguments": self._arguments,
            }
        )

    def _heed(self, record: str) -> None:
        try:
            head = _head(record)
        except (msgspec.DecodeError, RecursionError):
            return  # the parser says so
        if head.type == _COMPLETION and head.invocation_id == _ID and head.error is not None:
            raise Breach(f"refuses {self._method}: {head.error[:200]}")
        if head.type == _CLOSE:
            again = " and lets us come back" if head.allow_reconnect else ""
            words = "" if head.error is None else f": {head.error[:200]}"
            raise Breach(f"closed the connection{again}{words}")


def _said(record: dict[str, Any]) -> Answer:
    return Answer(msgspec.json.encode(record).decode() + _SEPARATOR)
