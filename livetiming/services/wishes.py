"""What the operator wants of one run."""

from __future__ import annotations

from pathlib import Path

import msgspec

from livetiming.events import SessionId
from livetiming.services.lingering import LONGEST_S, TO_BE_ASKED_S


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator wants of one run.

    Args:
        state_dir: folder of the service's own logs.
        initial: a log to go on in.
        session: id of the first session.
        recording: where a session's log is sealed to when it closes.
        take_over: whether to go on in a session that another process has on the air.
        take_stock: whether to ask what the dvr has more of the log to go on in; it can be asked
            only where there is a secret to join the router with.
        linger_s: so long at least a closed session stays on the air.
        longest_s: so long at most it waits there for a dvr.
    """

    state_dir: Path
    initial: Path | None = None
    session: SessionId | None = None
    recording: Path | None = None
    take_over: bool = False
    take_stock: bool = True
    linger_s: float = TO_BE_ASKED_S
    longest_s: float = LONGEST_S
