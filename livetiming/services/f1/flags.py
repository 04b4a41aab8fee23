"""What race control shows: from the track's status, the session's, and messages on flags."""

from __future__ import annotations

from typing import Any

from livetiming.racing import Flag
from livetiming.services import Strange

_BY_CODE = {
    "1": Flag.GREEN,
    "2": Flag.YELLOW,
    "4": Flag.SC,
    "5": Flag.RED,
    "6": Flag.VSC,
    "7": Flag.VSC,
}
_BY_WORD = {
    "AllClear": Flag.GREEN,
    "Yellow": Flag.YELLOW,
    "SCDeployed": Flag.SC,
    "Red": Flag.RED,
    "VSCDeployed": Flag.VSC,
    "VSCEnding": Flag.VSC,
}
ENDS = "Ends"
_OVER = frozenset({"Finished", "Finalised", ENDS})
_STATUSES = _OVER | {"Inactive", "Started", "Aborted"}
_SECTOR_WORDS = {"YELLOW": "Yellow", "DOUBLE YELLOW": "Double yellow"}
_CLEARING = frozenset({"CLEAR", "GREEN", "CHEQUERED"})


class Flags:
    """Puts together what shows now.

    Args:
        strange: takes what is unknown.
    """

    def __init__(self, strange: Strange) -> None:
        self._strange = strange
        self._track: Flag | None = None
        self._status: str | None = None
        self._is_chequered = False
        self._sectors: dict[int, str] = {}

    @property
    def status(self) -> str | None:
        """The session's status, in the feed's word; `None` where it was never said."""
        return self._status

    def show_track(self, code: str) -> None:
        """Take a track status, as a code or as a word; one that is unknown changes nothing."""
        found = _BY_CODE.get(code) or _BY_WORD.get(code)
        if found is None:
            self._strange.meet("track status", code)
        else:
            self._track = found

    def show_status(self, status: str) -> None:
        """Take a session status; one that is unknown changes nothing."""
        if status not in _STATUSES:
            self._strange.meet("session status", status)
        else:
            self._status = status

    def forget_messages(self) -> None:
        """All messages will be told again from the first."""
        self._is_chequered = False
        self._sectors = {}

    def show_message(self, flag: str, scope: str, sector: Any) -> None:
        """Take a message of race control on a flag."""
        if scope == "Sector" and type(sector) is int:
            word = _SECTOR_WORDS.get(flag)
            if word is not None:
                self._sectors[sector] = word
            elif flag in _CLEARING:
                self._sectors.pop(sector, None)
        elif scope == "Track":
            if flag in _CLEARING:
                self._sectors = {}
            if flag in ("CHEQUERED", "GREEN"):
                self._is_chequered = flag == "CHEQUERED"

    @property
    def flag(self) -> Flag | None:
        """The one flag of the session; `None` where nothing was said."""
        if self._status in _OVER or (self._status is None and self._is_chequered):
            return Flag.CHEQUERED
        if self._status == "Aborted":
            return Flag.RED
        if self._track in (None, Flag.GREEN) and self._status == "Inactive":
            return Flag.NONE
        if self._track is None and self._status == "Started":
            return Flag.GREEN
        return self._track

    @property
    def zones(self) -> str | None:
        """The sectors under yellow, in words."""
        words = [f"{word} {sector}" for sector, word in sorted(self._sectors.items())]
        return ", ".join(words) or None
