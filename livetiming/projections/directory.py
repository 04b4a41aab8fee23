"""What was on air when: the state of the directory's own log, and its two events.

A log of the same form as a session's. `listed` says that a session is on air and what it is called,
`unlisted` that it no longer is, and how far it was published and recorded then.
"""

from __future__ import annotations

from typing import Any

import msgspec

from livetiming.errors import BadLine, BadState, BadValue
from livetiming.events.codec import strict_json
from livetiming.events.log import Fold
from livetiming.events.model import Event, Unknown
from livetiming.events.names import SessionId

DIRECTORY = SessionId("0" * 31 + "1")
"""The id of the directory's log."""
VERSION = 1001
"""Of this fold; none of a session's, whose tools so read the events and trust no state."""
LISTED = "listed"
UNLISTED = "unlisted"

_ENVELOPE = frozenset(("seq", "at", "type", "source_at"))


class OnAir(msgspec.Struct, kw_only=True):
    """The sessions on air after some event; mutable, for `apply` alone.

    Args:
        sessions: by id, in the order in which they came: what `listed` said, as it stood there.
    """

    sessions: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)


def apply(state: OnAir, event: Event) -> OnAir:
    """Make the state after an event from the state before it, in place.

    Raises: `BadState` where the event does not fit: the log is damaged.
    """
    payload = event.payload
    if not isinstance(payload, Unknown) or payload.tag not in (LISTED, UNLISTED):
        return state
    fields = _fields(payload.line)
    session = fields["session"]
    if payload.tag == LISTED:
        state.sessions[session] = fields
    elif state.sessions.pop(session, None) is None:
        raise BadState(f"session {session} is unlisted, but was not listed")
    return state


def _fields(line: bytes) -> dict[str, Any]:
    raw = msgspec.json.decode(line)
    return _checked({name: value for name, value in raw.items() if name not in _ENVELOPE})


def _checked(fields: Any) -> dict[str, Any]:
    """See that somebody's fields are of a session.

    Raises: `BadState`.
    """
    match fields:
        case {"session": str(session)}:
            try:
                SessionId(session)
            except BadValue as error:
                raise BadState(f"directory: {error}") from error
            return dict(fields)
    raise BadState("directory: expected the fields of a session")


def as_json(state: OnAir) -> bytes:
    """Write a state as it stands in a snapshot line."""
    return msgspec.json.encode({"sessions": list(state.sessions.values())})


def canonical(state: OnAir) -> bytes:
    """Write a state with its keys sorted at every level: equal states, equal text."""
    return msgspec.json.encode({"sessions": list(state.sessions.values())}, order="sorted")


def from_json(text: bytes) -> OnAir:
    """Read a state from a snapshot line.

    Raises: `BadState`.
    """
    try:
        match strict_json(text):
            case {"sessions": [*sessions]}:
                listed = {fields["session"]: fields for fields in map(_checked, sessions)}
                if len(listed) == len(sessions):
                    return OnAir(sessions=listed)
    except BadLine as error:
        raise BadState(f"directory: {error}") from error
    raise BadState("directory: expected sessions, each of them once")


FOLD = Fold(VERSION, OnAir, apply, as_json, from_json, canonical)
"""How the directory's log adds up."""


def write_line(seq: int, at: int, tag: str, fields: bytes) -> bytes:
    """Write an event line of the directory's log.

    Args:
        seq: its number.
        at: when, epoch ms.
        tag: `LISTED` or `UNLISTED`.
        fields: a JSON object of what it says.
    """
    return b'{"seq":%d,"at":%d,"type":"%s",%s' % (seq, at, tag.encode(), fields[1:])
