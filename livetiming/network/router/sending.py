"""A file on its way to somebody who may read slowly, or not at all."""

from __future__ import annotations

from typing import Any, BinaryIO

from twisted.internet.interfaces import IPullProducer
from zope.interface import implementer

from livetiming.network.router.byte_range import Span

CHUNK = 1 << 16
STALL_S = 60.0
"""A reader who takes nothing for so long is hung up on: connections are not endless."""


@implementer(IPullProducer)
class Sending:
    """Sends a span of a file whenever the reader has room for more, and closes the file.

    Args:
        request: Twisted's.
        file: at any place.
        span: of the file.
        clock: for the reader's patience.
    """

    def __init__(self, request: Any, file: BinaryIO, span: Span, clock: Any) -> None:
        self._request = request
        self._file = file
        self._left = span.stop - span.start
        self._clock = clock
        self._stalled: Any = None
        file.seek(span.start)

    def start(self) -> None:
        """Begin; the request is finished by itself."""
        self._stalled = self._clock.callLater(STALL_S, self._hang_up)
        self._request.registerProducer(self, False)

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's word
        if self._file.closed:
            return
        self._stalled.reset(STALL_S)
        chunk = self._file.read(min(CHUNK, self._left))
        self._left -= len(chunk)
        if self._left and not chunk:  # the file was cut while it was sent
            self._hang_up()
            return
        if not self._left:
            self.stopProducing()
            self._request.unregisterProducer()
        if chunk:
            self._request.write(chunk)
        if not self._left:
            self._request.finish()

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's word
        self._file.close()
        if self._stalled.active():
            self._stalled.cancel()

    def _hang_up(self) -> None:
        transport = self._request.transport
        self.stopProducing()
        if transport is not None:
            transport.abortConnection()
