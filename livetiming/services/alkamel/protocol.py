"""The Al Kamel parser: one for both forms of the feed, told apart by the channel of a frame."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import Picture
from livetiming.services import Frame, Update
from livetiming.services.alkamel.laps import LapsParser
from livetiming.services.alkamel.live import LiveParser
from livetiming.services.alkamel.rows import FILE, ROWS


class AlKamelParser:
    """Reads lap-by-lap files and the live feed; the picture is that of the form seen last."""

    def __init__(self) -> None:
        self._laps = LapsParser()
        self._live = LiveParser()
        self._shown: LapsParser | LiveParser = self._live

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a frame."""
        if frame.channel not in (FILE, ROWS):
            yield from self._read(self._live, self._live.receive(frame))
        elif frame.channel == FILE:
            yield from self._read(self._laps, self._laps.name(frame))
        else:
            yield from self._read(self._laps, self._laps.row(frame))

    def _read(self, form: LapsParser | LiveParser, updates: Iterator[Update]) -> Iterator[Update]:
        """The picture before a session is that of the form before."""
        for update in updates:
            yield update
            self._shown = form

    def picture(self) -> Picture:
        """The picture now."""
        return self._shown.picture()
