"""The names of the wire: realm, roles, topics, procedures, errors; the browser's come from here.

Source: docs/wire.md.
"""

from __future__ import annotations

from livetiming.events.names import SessionId

REALM = "timing"
SERVICES = "services"
"""Authid and role of everything of ours; viewers have the role below."""
ANONYMOUS = "anonymous"

PUBLIC = "livetiming.public."
"""What viewers may subscribe to."""
RPC = "livetiming.rpc."
"""What viewers may call."""
INTERNAL = "livetiming.internal."

PUBLIC_DIRECTORY = "livetiming.public.directory"
LIST = "livetiming.rpc.directory.list"
LIST_ALL = "livetiming.internal.directory.list"
"""With the hidden sessions."""
ANNOUNCE = "livetiming.internal.announce"
CONTINUE = "livetiming.internal.dvr.continue"
FORKED = "livetiming.internal.dvr.forked"
"""The dvr says of a session that it has more than one history."""
SESSIONS = "livetiming.rpc.session."
"""The prefix that the dvr answers at; who has a session on air registers its exact names."""

UNKNOWN_SESSION = "livetiming.error.unknown_session"
BAD_ARGUMENT = "livetiming.error.bad_argument"
BUSY = "livetiming.error.busy"
NO_ANALYSIS = "livetiming.error.no_analysis"
NO_SUCH_PROCEDURE = "wamp.error.no_such_procedure"
"""Nobody answers now: back off and ask again."""
TIMEOUT = "livetiming.error.timeout"
"""Never on the wire: what a call fails with on our side that got no answer in time, and below, one
that could not be made, or whose connection was lost.
"""
NOT_JOINED = "livetiming.error.not_joined"


def events_topic(session: SessionId) -> str:
    """Where the lines of a session and its beacons are published."""
    return f"livetiming.public.session.{session}.events"


def analysis_topic(session: SessionId) -> str:
    """Where the changes of a session's analysis are published."""
    return f"livetiming.public.session.{session}.analysis"


def recorded_topic(session: SessionId) -> str:
    """Where the dvr says how far it has recorded a session."""
    return f"livetiming.internal.session.{session}.recorded"


def snapshot_procedure(session: SessionId) -> str:
    """Who has the session answers with its state at a moment."""
    return f"{SESSIONS}{session}.snapshot"


def events_procedure(session: SessionId) -> str:
    """Who has the session answers with its lines."""
    return f"{SESSIONS}{session}.events"


def analysis_procedure(session: SessionId) -> str:
    """Who has the session answers with its analysis, table by table."""
    return f"{SESSIONS}{session}.analysis"


def log_procedure(session: SessionId, writer: int) -> str:
    """Who holds the log of that very writer answers with its lines."""
    return f"livetiming.internal.log.{session}.{writer}.events"
