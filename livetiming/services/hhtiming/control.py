"""Race control: its messages, the status of the track, and of zones of it."""

from __future__ import annotations

import re

from livetiming.events import Origin, Posted, Style
from livetiming.racing import Flag
from livetiming.services import Fact

FLAGS = {0: Flag.NONE, 2: Flag.RED, 3: Flag.CHEQUERED, 5: Flag.GREEN}
"""Public readers know these four; 0 is also what a running race showed (Sebring 2019)."""
ZONES = {0: None, 8: "slow zone"}
MAX_ZONES = 100
MAX_KNOWN = 2_000

_CAR = re.compile(r"\bcar\s+#?(\w{1,4})\b", re.IGNORECASE | re.ASCII)
_QUARTER_US = 15 * 60 * 1_000_000


class Zones:
    """The zones of the track that are not clear."""

    def __init__(self) -> None:
        self._zones: dict[str, str] = {}

    def set(self, name: str, status: str | None) -> None:
        """Take the status of a zone; none is clear."""
        if status is None:
            self._zones.pop(name, None)
        elif name in self._zones or len(self._zones) < MAX_ZONES:
            self._zones[name] = status

    def __bool__(self) -> bool:
        return bool(self._zones)

    def __str__(self) -> str:
        return ", ".join(f"{name}: {status}" for name, status in sorted(self._zones.items()))


class Notices:
    """The messages of race control: each told once, at the instant its session time means."""

    def __init__(self) -> None:
        self._started_at: int | None = None
        self._known: dict[tuple[int | None, str], None] = {}

    def set_clock(self, session_us: int, time_of_day_us: int, at: int) -> None:
        """Take session time and local time of day, as one heartbeat has them.

        Both are whole seconds, so the start of the session is one too; the zone is that by which
        the time of day is nearest to now.
        """
        if self._started_at is None:
            day_us = 24 * 4 * _QUARTER_US
            utc_us = at * 1000 % day_us
            zone_us = round((time_of_day_us - utc_us) / _QUARTER_US) * _QUARTER_US
            since_us = (utc_us + zone_us - time_of_day_us) + session_us
            self._started_at = round((at * 1000 - since_us) / 1_000_000) * 1000

    def take(self, text: str, received_us: int | None) -> Fact | None:
        """Take a message; one that was told before is none."""
        if not text or (received_us, text) in self._known:
            return None
        self._known[received_us, text] = None
        if len(self._known) > MAX_KNOWN:
            del self._known[next(iter(self._known))]
        posted = Posted(
            category="Race Control",
            text=text,
            style=Style.RACE_CONTROL,
            origin=Origin.PROVIDER,
        )
        return Fact(posted, self._instant(received_us))

    def _instant(self, received_us: int | None) -> int | None:
        if self._started_at is None or received_us is None:
            return None
        return self._started_at + received_us // 1000


def number_in(text: str) -> str | None:
    """The number of the car that a message speaks of, if it speaks of one only."""
    numbers = list(dict.fromkeys(_CAR.findall(text)))
    return numbers[0] if len(numbers) == 1 else None
