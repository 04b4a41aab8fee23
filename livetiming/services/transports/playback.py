"""A capture in place of the network: its frames at the pace they once arrived, or N times that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from twisted.internet.task import deferLater

from livetiming.errors import BadCapture
from livetiming.services.api import Deliver, Frame

_BREATH = 500
"""After so many frames without a pause the reactor gets its turn."""


class Playback:
    """Delivers the frames of a capture in their own time.

    Args:
        frames: in the order of their arrival.
        speed: seconds of capture for each second of the reactor.
    """

    def __init__(self, frames: Iterable[Frame], speed: float = 1) -> None:
        self._frames = frames
        self._speed = speed

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """See `Transport`: over when the capture is.

        Raises: `BadCapture` where it cannot be read on.
        """
        began = reactor.seconds()
        first = None
        for count, frame in enumerate(self._read()):
            first = frame.at if first is None else first
            due = began + (frame.at - first) / 1000 / self._speed
            wait = due - reactor.seconds()
            if wait > 0 or count % _BREATH == 0:
                await deferLater(reactor, max(0, wait))
            deliver(frame.channel, frame.data)

    def _read(self) -> Iterator[Frame]:
        """Whatever a capture breaks by, there is nothing to come back to."""
        try:
            yield from self._frames
        except BadCapture:
            raise
        except Exception as error:
            raise BadCapture(
                f"the capture cannot be read on: {type(error).__name__}: {error}"
            ) from error
