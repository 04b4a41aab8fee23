"""The HH Timing parser: documents of the TCP feed or of a stored session in, updates out."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import Picture
from livetiming.services import Frame, Strange, Update
from livetiming.services.hhtiming.live import LiveReader
from livetiming.services.hhtiming.replay import CHANNEL, ReplayReader
from livetiming.services.hhtiming.scene import Scene


class HHTimingParser:
    """Follows one feed over all its sessions; which form it has is told by the channel."""

    def __init__(self) -> None:
        self._scene = Scene()
        self._strange = Strange()
        self._live = LiveReader(self._scene, self._strange)
        self._replay = ReplayReader(self._scene, self._strange)

    def picture(self) -> Picture:
        """The board now."""
        return self._scene.picture

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a document."""
        reader = self._replay if frame.channel == CHANNEL else self._live
        yield from reader.read(frame.data, frame.at)
        self._strange.tell()
