"""The topics that say what race control does: statuses of track and session, and messages."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import SessionValue
from livetiming.services import Fact, Strange
from livetiming.services.f1.cells import put
from livetiming.services.f1.flags import ENDS, Flags
from livetiming.services.f1.members import members
from livetiming.services.f1.race_control import RaceControl
from livetiming.services.f1.values import text


class Signals:
    """Shows flag and zones.

    Args:
        session: the fields of the session.
        strange: takes what is unknown.
    """

    def __init__(self, session: dict[str, SessionValue], strange: Strange) -> None:
        self._session = session
        self._flags = Flags(strange)
        self._control = RaceControl(self._flags)
        self._told_track = False
        self._told_status = False

    @property
    def has_ended(self) -> bool:
        """Whether the feed says that the session is over."""
        return self._flags.status == ENDS

    def take_track_status(self, said: object) -> None:
        """Take what `TrackStatus` says."""
        for key, value in members(said):
            if key == "Status" and text(value):
                self._told_track = True
                self._flags.show_track(text(value))
        self._show()

    def take_session_status(self, said: object) -> None:
        """Take what `SessionStatus` says."""
        for key, value in members(said):
            if key == "Status" and text(value):
                self._told_status = True
                self._flags.show_status(text(value))
        self._show()

    def take_series(self, said: object) -> None:
        """Take the statuses in `SessionData`, which repeat two topics: where those never came."""
        for _, entry in members(said):
            for key, value in members(entry):
                if key == "TrackStatus" and not self._told_track and text(value):
                    self._flags.show_track(text(value))
                elif key == "SessionStatus" and not self._told_status and text(value):
                    self._flags.show_status(text(value))
        self._show()

    def take_messages(self, said: object, *, is_whole: bool) -> Iterator[Fact]:
        """Take what `RaceControlMessages` says."""
        if is_whole:
            self._control.begin()
        try:
            yield from self._control.take(said)
        finally:
            self._show()

    def _show(self) -> None:
        put(self._session, "flag", self._flags.flag)
        put(self._session, "zones", self._flags.zones)
