"""What race control says, each message once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from livetiming.events import Origin, Posted, Style, car_id
from livetiming.services import Fact
from livetiming.services.alkamel.plain import MAX_INSTANT, fields_of, number_of, text_of

MAX_MESSAGES = 5_000
"""In one session."""
_CAR = re.compile(r"(?<!safety )\bcar\s+(?:no\.?\s*|#)?(\d{1,4})\b", re.IGNORECASE)


class RaceControl:
    """The messages of one session."""

    def __init__(self) -> None:
        self._told: set[tuple[int | None, str]] = set()

    def take(self, document: dict[str, Any]) -> Iterator[Fact]:
        """The messages that a document has and that were not told yet, oldest first.

        Its `log` is all that was said; without one, what is shown now.
        """
        messages = fields_of(document.get("raceControlMessages"))
        log = messages.get("log")
        if not isinstance(log, dict):
            log = fields_of(messages.get("currentMessages"))
        for at, text in sorted(_read(log), key=lambda message: message[0] or 0):
            if (at, text) not in self._told and len(self._told) < MAX_MESSAGES:
                self._told.add((at, text))
                yield Fact(_posted(text), at)


def _read(log: dict[str, Any]) -> Iterator[tuple[int | None, str]]:
    for key, message in log.items():
        if text := text_of(fields_of(message).get("message")):
            yield _instant(message.get("date")) or _instant(key), text


def _instant(value: Any) -> int | None:
    number = number_of(value)
    return int(number) if number is not None and 10**12 < number < MAX_INSTANT else None


def _posted(text: str) -> Posted:
    """Of a car where the text names one."""
    cars = _CAR.findall(text)
    return Posted(
        category="Race control",
        text=text,
        style=Style.RACE_CONTROL,
        car=car_id(cars[0]) if len(cars) == 1 else None,
        origin=Origin.PROVIDER,
    )
