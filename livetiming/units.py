"""Durations and instants: text in, integers out, and back for people to read."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - without a zone, isoformat writes none

_DURATION = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,6})(?:\.(\d{1,9}))?", re.ASCII)


def parse_duration_us(text: str) -> int | None:
    """Read `H:MM:SS.fff`, `M:SS.fff` or `S.fff`.

    Returns: microseconds, or `None` where the text is no duration.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    return whole * SECOND_US + micro


def format_duration(value_us: int, decimals: int = 3) -> str:
    """Write a duration as `M:SS.fff`, with hours from one hour on.

    Rounded once, then split, so that 59.9996 s is `1:00.000`.
    """
    unit = 10 ** (6 - decimals)
    ticks = (abs(value_us) + unit // 2) // unit
    sign = "-" if value_us < 0 < ticks else ""
    seconds, rest = divmod(ticks, 10**decimals)
    fraction = f".{rest:0{decimals}d}" if decimals else ""
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{sign}{head}:{seconds:02d}{fraction}"


def format_clock(value_us: int) -> str:
    """Write a running clock as `H:MM:SS`, cut to the second, as scoreboards do."""
    seconds = max(0, value_us) // SECOND_US
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def parse_instant(text: str) -> int | None:
    """Read an ISO 8601 instant; one without a zone is UTC.

    Returns: epoch ms, or `None` where the text is no instant.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)


def format_instant(at: int) -> str:
    """Write epoch ms as `2026-06-14T16:00:00.250Z`; beyond the calendar as `@` and seconds."""
    try:
        moment = _EPOCH + timedelta(milliseconds=at)
    except OverflowError:
        return f"@{at // 1000}.{at % 1000:03d}"
    return moment.isoformat(timespec="milliseconds") + "Z"
