"""Waiting until a moment of a recording is due again."""

from __future__ import annotations

from collections.abc import Callable


class Pace:
    """Plays instants at a speed: the first one is due at once.

    Args:
        speed: seconds of session for each second of the clock; `None`: nothing is waited for.
        clock: seconds, never going back.
        sleep: waits for so many seconds.
    """

    def __init__(
        self, speed: float | None, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._begin: tuple[int, float] | None = None

    @property
    def is_paced(self) -> bool:
        """Whether anything is waited for."""
        return self._speed is not None

    def wait_for(self, at: int) -> None:
        """Return when an instant is due, epoch ms of the session."""
        if self._speed is None:
            return
        if self._begin is None:
            self._begin = (at, self._clock())
        left = self._due(at, self._speed, *self._begin) - self._clock()
        if left > 0:
            self._sleep(left)

    @staticmethod
    def _due(at: int, speed: float, first_at: int, started: float) -> float:
        return started + (at - first_at) / 1000 / speed
