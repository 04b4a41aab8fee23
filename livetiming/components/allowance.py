"""How much another program may write into our log."""

from __future__ import annotations

from collections.abc import Callable

LINE_BYTES = 2_000
BURST_BYTES = 100_000
BYTES_PER_S = 200.0
TOTAL_BYTES = 50_000_000
PREFIX_BYTES = 60
"""What the log writes before each line."""


class Allowance:
    """A bucket of bytes that fills slowly: strangers who send the router nonsense make it write.

    Args:
        monotonic: seconds since some moment.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._bytes = float(BURST_BYTES)
        self._filled_at = monotonic()
        self._total = 0
        self._left_out = 0

    def admit(self, line: str) -> str | None:
        """Take a line into the log.

        Returns: the line, cut, and with how many were left out before it; `None` where there is no
            room for it.
        """
        self._fill()
        shown = line[:LINE_BYTES]
        size = len(shown.encode(errors="replace")) + PREFIX_BYTES
        if size > self._bytes or self._total + size > TOTAL_BYTES:
            self._left_out += 1
            return None
        self._bytes -= size
        self._total += size
        left_out, self._left_out = self._left_out, 0
        return f"({left_out} lines left out) {shown}" if left_out else shown

    def _fill(self) -> None:
        now = self._monotonic()
        gained = (now - self._filled_at) * BYTES_PER_S
        self._bytes = min(self._bytes + gained, float(BURST_BYTES))
        self._filled_at = now
