"""Which session the feed shows: `SessionInfo`."""

from __future__ import annotations

import re
from typing import Any

from livetiming.racing import Column, ColumnType, Kind, columns
from livetiming.services import SessionSeen
from livetiming.services.f1.members import members
from livetiming.services.f1.values import text
from livetiming.services.f1.weather import TRACK

NAME = "Formula 1"
"""What a session is called until the feed names the meeting."""
_OFFSET = re.compile(r"(-?)(\d\d):00(?::00)?", re.ASCII)
_KINDS = {"Practice": Kind.PRACTICE, "Qualifying": Kind.QUALIFYING, "Race": Kind.RACE}
_QUALIFYING = tuple(
    Column(f"q{n}", ColumnType.TIME, f"Q{n}", f"best lap of part {n}") for n in range(1, 4)
)
_BEFORE = columns("num", "state", "team", "driver", "tyre", "tyre_age", "tyre_stint")
_BEFORE += columns("laps", "gap", "int", "last", "best")
_AFTER = columns("s1", "s2", "s3", "bs1", "bs2", "bs3", "speed", "best_speed", "pits")
_GRID = columns("grid")
COLUMNS = _BEFORE + _QUALIFYING + _AFTER + _GRID
"""All that a table may have."""


class Session:
    """What is known of the session."""

    def __init__(self) -> None:
        self._said: dict[str, Any] = {}

    def after(self, said: object, *, is_whole: bool) -> Session:
        """The session as a message leaves it; a message of another session says all of it anew.

        Args:
            said: by the message.
            is_whole: whether it is the whole state.
        """
        new = dict(members(said))
        moves = {"Key", "Path"} & new.keys() and _key({**self._said, **new}) != self.key
        session = Session()
        session._said = new if is_whole or moves else _merged(self._said, new)
        return session

    @property
    def key(self) -> str | None:
        """The identity of the session; `None` where it is not known."""
        return _key(self._said)

    @property
    def kind(self) -> Kind:
        """What it is."""
        if "test" in self._meeting("Name").lower():
            return Kind.TEST
        return _KINDS.get(_plain(self._said.get("Type")), Kind.OTHER)

    @property
    def prefix(self) -> str:
        """What the parts of a qualifying session are called by; empty for other sessions."""
        if self.kind is not Kind.QUALIFYING:
            return ""
        return "SQ" if "sprint" in _plain(self._said.get("Name")).lower() else "Q"

    @property
    def seen(self) -> SessionSeen:
        """The session in the host's words."""
        return SessionSeen(
            key=self.key,
            name=self._meeting("Name") or NAME,
            description=_plain(self._said.get("Name")),
            kind=self.kind,
            columns=self._columns(),
            track=TRACK,
            venue=self._venue(),
            timezone=_timezone(_plain(self._said.get("GmtOffset"))),
        )

    def _columns(self) -> tuple[Column, ...]:
        if self.kind is Kind.QUALIFYING:
            return _BEFORE + _QUALIFYING + _AFTER
        if self.kind is Kind.RACE:
            return _BEFORE + _AFTER + _GRID
        return COLUMNS if self.kind is Kind.OTHER else _BEFORE + _AFTER

    def _meeting(self, field: str) -> str:
        return _plain(_map(self._said.get("Meeting")).get(field))

    def _venue(self) -> str | None:
        circuit = _map(_map(self._said.get("Meeting")).get("Circuit"))
        return _plain(circuit.get("ShortName")) or self._meeting("Location") or None


def _merged(known: dict[str, Any], said: dict[str, Any], depth: int = 3) -> dict[str, Any]:
    """Deeper than anything that is read here, what is said replaces what was known."""
    merged = dict(known)
    for key, value in said.items():
        before = merged.get(key)
        if depth and isinstance(value, dict) and isinstance(before, dict):
            merged[key] = _merged(before, dict(members(value)), depth - 1)
        else:
            merged[key] = value
    return merged


def _key(said: dict[str, Any]) -> str | None:
    key = said.get("Key")
    if type(key) is int:
        return str(key)
    return _plain(key) or _plain(said.get("Path")) or None


def _plain(value: object) -> str:
    return text(value).strip()


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _timezone(offset: str) -> str | None:
    """The zone of whole hours from UTC; the feed names no place, and the signs of these zones'
    names are the other way round.
    """
    found = _OFFSET.fullmatch(offset)
    if found is None or int(found[2]) > 12:
        return None
    hours = int(found[2])
    return f"Etc/GMT{'+' if found[1] else '-'}{hours}" if hours else "Etc/GMT"
