"""The state of a live session: its flag and its clocks."""

from __future__ import annotations

from typing import Any

from livetiming.events import Clock, SessionValue
from livetiming.racing import Flag
from livetiming.services import Strange
from livetiming.services.alkamel.flags import FLAGS
from livetiming.services.alkamel.plain import count_of, number_of, text_of

_BY_TIME = ("BY_TIME", "BY_TIME_PLUS_LAPS")
_FINAL_TYPES = (*_BY_TIME, "BY_LAPS", "")
_SECONDS = 10**11
"""An instant below is in seconds, one above in milliseconds."""
FIELDS = ("flag", "elapsed", "remaining", "laps_total", "laps_remaining")


def read_status(status: dict[str, Any], at: int, strange: Strange) -> dict[str, SessionValue]:
    """The session fields of a status; what it does not say is absent.

    Args:
        status: the document.
        at: when it arrived, epoch ms.
        strange: told of what is not known.
    """
    final_type = text_of(status.get("finalType")).upper()
    if final_type not in _FINAL_TYPES:
        strange.meet("final type", final_type)
    found: dict[str, SessionValue | None] = {
        "flag": _flag(status, strange),
        "elapsed": _elapsed(status, at),
        "remaining": _remaining(status, at) if final_type in _BY_TIME else None,
    }
    if final_type == "BY_LAPS":
        total, done = count_of(status.get("finalLaps")), count_of(status.get("elapsedLaps"))
        found["laps_total"] = total
        found["laps_remaining"] = None if total is None else max(0, total - (done or 0))
    return {field: value for field, value in found.items() if value is not None}


def _flag(status: dict[str, Any], strange: Strange) -> Flag | None:
    if status.get("isFinished") is True:
        return Flag.CHEQUERED
    text = text_of(status.get("currentFlag")).upper()
    if text and text not in FLAGS:
        strange.meet("flag", text)
    return FLAGS.get(text)


def _instant(value: Any) -> int | None:
    number = number_of(value)
    if number is None or number <= 0:
        return None
    return round(number * 1000 if number < _SECONDS else number)


def _seconds_ms(value: Any) -> int:
    return round((number_of(value) or 0) * 1000)


def _until(status: dict[str, Any], at: int) -> tuple[int, bool]:
    """The instant that the clocks show, and whether they run."""
    is_running = status.get("isSessionRunning") is True
    return (at, True) if is_running else (_instant(status.get("stopTime")) or at, False)


def _elapsed(status: dict[str, Any], at: int) -> Clock | None:
    start = _instant(status.get("startTime"))
    if start is None:
        return None
    until, runs = _until(status, at)
    stopped_ms = _seconds_ms(status.get("stoppedSeconds"))
    return Clock(max(0, until - start - stopped_ms) * 1000, at, runs)


def _remaining(status: dict[str, Any], at: int) -> Clock | None:
    final_ms = _seconds_ms(status.get("finalTime"))
    start = _instant(status.get("startTime"))
    if final_ms <= 0:
        return None
    if start is None:
        return Clock(final_ms * 1000, at, runs=False)
    until, runs = _until(status, at)
    left_ms = start + final_ms + _seconds_ms(status.get("stoppedSeconds")) - until
    return Clock(max(0, left_ms) * 1000, at, runs and left_ms > 0)
