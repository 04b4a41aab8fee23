"""Messages of race control, as they are posted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from livetiming.events import Origin, Posted, Style
from livetiming.racing import Flag
from livetiming.services import BadFrame, Fact
from livetiming.services.f1.flags import Flags
from livetiming.services.f1.members import index, members
from livetiming.services.f1.values import instant, text

CATEGORY = "Race control"
MAX_MESSAGES = 5_000
_STYLES = {
    "GREEN": Flag.GREEN,
    "CLEAR": Flag.GREEN,
    "YELLOW": Flag.YELLOW,
    "DOUBLE YELLOW": Flag.YELLOW,
    "RED": Flag.RED,
    "CHEQUERED": Flag.CHEQUERED,
}
_MODES = {"SAFETY CAR": Flag.SC, "VIRTUAL SAFETY CAR": Flag.VSC}


class RaceControl:
    """Follows `RaceControlMessages`.

    Args:
        flags: told of messages on flags.
    """

    def __init__(self, flags: Flags) -> None:
        self._flags = flags
        self._messages: dict[int, dict[str, Any]] = {}

    def begin(self) -> None:
        """All messages will be told again from the first; the host posts none of them twice."""
        self._messages = {}
        self._flags.forget_messages()

    def take(self, said: object) -> Iterator[Fact]:
        """Take messages, or what has changed of them."""
        for key, value in members(said):
            if key == "Messages":
                for place, each in members(value):
                    yield from self._take_one(place, each)

    def _take_one(self, place: str, said: object) -> Iterator[Fact]:
        number = index(place, MAX_MESSAGES)
        if number is None:
            raise BadFrame("message number", repr(place[:20]))
        if said is None:
            self._messages.pop(number, None)
            return
        message = {**self._messages.get(number, {}), **dict(members(said))}
        at = instant(message.get("Utc"))
        words = text(message.get("Message"))
        self._messages[number] = message
        if words:
            self._flag(message)
            yield Fact(_posted(message, words), at)

    def _flag(self, message: dict[str, Any]) -> None:
        flag, scope = text(message.get("Flag")), text(message.get("Scope"))
        if flag:
            self._flags.show_message(flag, scope, message.get("Sector"))


def _posted(message: dict[str, Any], words: str) -> Posted:
    style = _STYLES.get(text(message.get("Flag"))) or _MODES.get(text(message.get("Mode")))
    return Posted(
        category=CATEGORY,
        text=words,
        style=style or Style.RACE_CONTROL,
        car=text(message.get("RacingNumber")) or None,
        origin=Origin.PROVIDER,
    )
