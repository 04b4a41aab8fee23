"""What came that is no message: counted, and said once for each kind of it."""

from __future__ import annotations

from twisted.logger import Logger

from livetiming.events import SessionId

MAX_KINDS = 1_000


class Reports:
    """Counts what was dropped."""

    _log = Logger()

    def __init__(self) -> None:
        self.counts: dict[tuple[SessionId | None, str], int] = {}

    def count(self, session: SessionId | None, what: str) -> None:
        """Something was dropped.

        Args:
            session: whose it would have been, where that is known.
            what: what it is, a colon, and what is wrong with it.
        """
        kind = session, what.partition(":")[0]
        if kind not in self.counts:
            if len(self.counts) >= MAX_KINDS:
                return
            self._log.warn("dropped: {what}; session {session}", what=what, session=session)
        self.counts[kind] = self.counts.get(kind, 0) + 1
