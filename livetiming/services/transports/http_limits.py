"""What one question over HTTP may take, in time and in bytes, before it has failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from livetiming.errors import FeedError

MAX_HEAD = 128 * 1024
"""Bytes before the body begins; Twisted bounds each line, and not how many there are."""


class Limits(NamedTuple):
    """What is too much.

    Args:
        connect_s: an attempt to connect.
        idle_s: silence of the server.
        total_s: a question from its beginning to its answer's end, over all redirects.
        max_body: bytes of a body, packed or not.
    """

    connect_s: float = 10.0
    idle_s: float = 20.0
    total_s: float = 60.0
    max_body: int = 8 * 1024 * 1024


USUAL = Limits()


class NoAnswer(FeedError):
    """A question was not answered as it should be.

    Args:
        what: what came instead.
        retry_after_s: how long the server wants to be left alone.
    """

    def __init__(self, what: str, retry_after_s: float = 0.0) -> None:
        super().__init__(what)
        self.retry_after_s = retry_after_s


class Watch:
    """Looks after one question, and ends it where it takes too much.

    Args:
        reactor: Twisted's, or a clock.
        limits: what is too much.
        end: ends the question; `reason` then says why.
    """

    def __init__(self, reactor: Any, limits: Limits, end: Callable[[], None]) -> None:
        self._limits = limits
        self._end = end
        self.reason: str | None = None
        self._idle = reactor.callLater(limits.connect_s + limits.idle_s, self._is_silent)
        self._total = reactor.callLater(limits.total_s, self._is_slow)
        self.expect_head()

    def expect_head(self) -> None:
        """What comes now is before a body."""
        self._left = MAX_HEAD

    def expect_body(self) -> None:
        """What comes now is a body, perhaps in chunks, which take room too."""
        self._left = 2 * self._limits.max_body + MAX_HEAD

    def heard(self, count: int) -> None:
        """Some bytes came; what comes after the end of the question is nobody's."""
        if not self._idle.active():
            return
        self._idle.reset(self._limits.idle_s)
        self._left -= count
        if self._left < 0:
            self._ended("sends more than an answer may have")

    def stop(self) -> None:
        """The question is over."""
        for call in (self._idle, self._total):
            if call.active():
                call.cancel()

    def _is_silent(self) -> None:
        self._ended(f"was silent for {self._limits.idle_s:g} s")

    def _is_slow(self) -> None:
        self._ended(f"did not answer whole within {self._limits.total_s:g} s")

    def _ended(self, reason: str) -> None:
        self.stop()
        self.reason = reason
        self._end()
