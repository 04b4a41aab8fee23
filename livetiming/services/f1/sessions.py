"""Which session the feed shows: `SessionInfo`."""

from __future__ import annotations

import re
from typing import Any

from livetiming.racing import Column, ColumnType, Kind, columns
from livetiming.services import SessionSeen
from livetiming.services.f1.members import members
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
    """What is known of the session.

    Args:
        said: by the feed.
        key: its identity, which stays whatever is said of it later; `None` while it is not known.
    """

    def __init__(self, said: dict[str, Any] | None = None, key: str | None = None) -> None:
        self._said: dict[str, Any] = {} if said is None else said
        self.key = key

    def after(self, said: object, *, is_whole: bool) -> Session:
        """The session as a message leaves it; a message of another session says all of it anew.

        Args:
            said: by the message.
            is_whole: whether it is the whole state.
        """
        new = dict(members(said))
        identity = _identity(new, "Key") or _identity(new, "Path")
        if self.key is not None and self._is_left(new):
            return Session(new, identity)
        whole = is_whole and identity is not None
        return Session(new if whole else _merged(self._said, new), self.key or identity)

    def _is_left(self, new: dict[str, Any]) -> bool:
        """Whether a message is of another session: by the key, and by the path where one of the
        two has no key.
        """
        for field in ("Key", "Path"):
            known, told = _identity(self._said, field), _identity(new, field)
            if known is not None and told is not None:
                return known != told
        return False

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


def _identity(said: dict[str, Any], field: str) -> str | None:
    value = said.get(field)
    if type(value) is int:
        return str(value)
    return value.strip() or None if type(value) is str else None


def _plain(value: object) -> str:
    """A text; whatever else stands there says nothing, and the session is what it is."""
    return value.strip() if isinstance(value, str) else ""


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
