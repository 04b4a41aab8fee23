"""How much somebody may send who has not shown that he is one of ours.

A viewer only subscribes and asks. The limit of the WebSocket is a service's, since it holds for
what the router sends too: a stranger's megabyte of `{},{},…` would hold the others up for a second,
and a megabyte in parts that never end, from each of 3,000 connections, would fill the memory.
"""

from __future__ import annotations

from typing import Any

from livetiming.network.names import SERVICES

MESSAGE_BYTES = 16_384
BODY_BYTES = 8_192
"""Of an HTTP request; nothing that is served needs one, and Twisted would keep any on the disk."""


class ShortMessages:
    """Mixed into Crossbar's WebSocket protocol."""

    def onMessageFrameBegin(self: Any, length: int) -> None:  # noqa: N802 - Autobahn's word
        super().onMessageFrameBegin(length)  # type: ignore[misc]
        size = self.message_data_total_length
        if size > MESSAGE_BYTES and not self.failedByMe and not _is_ours(self):
            self.wasMaxMessagePayloadSizeExceeded = True
            what = f"a stranger's message of {size} bytes; at most {MESSAGE_BYTES} are expected"
            self._max_message_size_exceeded(size, MESSAGE_BYTES, what)


class ShortBodies:
    """Mixed into Twisted's request."""

    def handleContentChunk(self: Any, data: bytes) -> None:  # noqa: N802 - Twisted's word
        if self.content.tell() + len(data) > BODY_BYTES:
            self.channel.forceAbortClient()
        else:
            super().handleContentChunk(data)  # type: ignore[misc]


def _is_ours(protocol: Any) -> bool:
    session = getattr(protocol, "_session", None)
    return getattr(session, "_authrole", None) == SERVICES
