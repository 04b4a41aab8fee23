"""What services said is on air: pure bookkeeping, for how long that counts included."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from livetiming.network.wire import Entry, Recorded, Standing

GONE_S = 30.0
"""A service announces every 10 s: of one that was not heard for so long, nothing is there."""
MAX_SESSIONS = 1_000
MAX_WRITERS = 16
"""Of one session."""

_RANK = {Standing.RETAINED: 0, Standing.FENCED: 1, Standing.CLOSED: 2, Standing.LIVE: 3}


class Heard(NamedTuple):
    """The last announcement of one writer.

    Args:
        entry: as the writer told it.
        hidden: whether it is unlisted.
        standing: to its log.
        at_s: when it was heard, monotonic seconds.
        is_to_be_recorded: whether it was announced since the start, and may be kept.
    """

    entry: Entry
    hidden: bool
    standing: Standing
    at_s: float
    is_to_be_recorded: bool = False


class Present(NamedTuple):
    """A session that somebody announces.

    Args:
        entry: as it is listed.
        hidden: whether it is left out of the public list.
        standing: of the best of its writers.
        is_to_be_recorded: whether it is known how far it was published, and may be kept.
    """

    entry: Entry
    hidden: bool
    standing: Standing
    is_to_be_recorded: bool

    @property
    def on_air(self) -> bool:
        """Whether viewers find somebody there; else a log only waits to be recorded."""
        return _RANK[self.standing] >= _RANK[Standing.CLOSED]

    @property
    def public(self) -> bool:
        """Whether everybody is told of it."""
        return self.on_air and not self.hidden


class Announced:
    """All that was announced in the last `GONE_S` seconds, by session and writer."""

    def __init__(self) -> None:
        self._heard: dict[str, dict[int, Heard]] = {}
        self._recorded: dict[str, dict[int, int]] = {}
        self._forked: set[str] = set()

    def hear(self, heard: Heard) -> bool:
        """Take what a writer announced, or what was on air before.

        Returns: whether there was room for it.
        """
        session, writer = heard.entry.session, heard.entry.writer
        writers = self._heard.get(session, {})
        room = MAX_WRITERS if writers else MAX_SESSIONS
        if writer not in writers and len(writers or self._heard) >= room:
            return False
        self._heard.setdefault(session, writers)[writer] = heard
        return True

    def recorded(self, session: str, recorded: Recorded) -> bool:
        """Take how far a writer's lines are recorded.

        Returns: whether that is news of somebody who is there.
        """
        if recorded.writer not in self._heard.get(session, {}):
            return False
        known = self._recorded.setdefault(session, {})
        if known.get(recorded.writer) == recorded.seq:
            return False
        known[recorded.writer] = recorded.seq
        return True

    def forked(self, session: str) -> None:
        """Take that a session has more than one history."""
        if session in self._heard:
            self._forked.add(session)

    def forget(self, since_s: float) -> bool:
        """Let go of what was not announced since some moment.

        Returns: whether there was anything such.
        """
        before = sum(map(len, self._heard.values()))
        for session, writers in list(self._heard.items()):
            kept = {writer: heard for writer, heard in writers.items() if heard.at_s >= since_s}
            if not kept:
                del self._heard[session]
                self._recorded.pop(session, None)
                self._forked.discard(session)
            else:
                self._heard[session] = kept
        return before != sum(map(len, self._heard.values()))

    @property
    def sessions(self) -> list[str]:
        """The ids of all that are there, in the order in which they came."""
        return list(self._heard)

    def present(self) -> dict[str, Present]:
        """What is there, by session."""
        return {session: self._present(session) for session in self._heard}

    def _present(self, session: str) -> Present:
        best = max(self._heard[session].values(), key=_goodness)
        recorded = self._recorded.get(session, {}).get(best.entry.writer)
        entry = msgspec.structs.replace(
            best.entry,
            recorded=recorded,
            next_seq=max(best.entry.next_seq, (recorded or 0) + 1),
            forked=session in self._forked,
        )
        return Present(entry, best.hidden, best.standing, best.is_to_be_recorded)


def _goodness(heard: Heard) -> tuple[int, int]:
    return _RANK[heard.standing], heard.entry.writer
