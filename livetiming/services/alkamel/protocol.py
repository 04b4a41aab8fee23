"""The Al Kamel parser: one for both forms of the feed, told apart by the channel of a frame."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import Picture
from livetiming.services import Frame, Update
from livetiming.services.alkamel.captures import FILE, ROWS
from livetiming.services.alkamel.laps import LapsParser


class AlKamelParser:
    """Reads lap-by-lap files and the live feed; the picture is that of the form seen last."""

    def __init__(self) -> None:
        self._laps = LapsParser()
        self._is_live = False

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a frame."""
        if frame.channel == FILE:
            yield from self._laps.name(frame)
        elif frame.channel == ROWS:
            yield from self._laps.row(frame)

    def picture(self) -> Picture:
        """The picture now."""
        return self._laps.picture()
