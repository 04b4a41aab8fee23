"""One car in the live standings: texts in fields that semicolons part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from livetiming.racing import CarState, Mark
from livetiming.services import Strange
from livetiming.services.alkamel.plain import (
    MAX_INSTANT,
    count_of,
    fields_of,
    number_of,
    text_of,
    us_of,
)

MAX_SECTORS = 9
_GROUP = 6
"""Fields of a sector: its number, ms, personal best, session best, class best, in the pit."""
_TRUE = ("true", "1")

_OUT_OF_IT = {
    "RETIRED": CarState.RETIRED,
    "NOT_STARTED": CarState.NOT_STARTED,
    "DISQUALIFIED": CarState.DISQUALIFIED,
    "EXCLUDED": CarState.DISQUALIFIED,
}
_STATUSES = (*_OUT_OF_IT, "CLASSIFIED", "NOT_CLASSIFIED", "")
_ON_TRACK = {
    "TRACK": CarState.RUN,
    "IN_LAP": CarState.RUN,
    "BOX": CarState.PIT,
    "OUT_LAP": CarState.OUT,
    "STOPPED": CarState.STOP,
}

Sectors = dict[int, tuple[int, Mark | None]]


class Standing(NamedTuple):
    """A car.

    Args:
        position: place in the order.
        number: of the car.
        state: what it does; `None` where the feed does not say.
        in_pit: whether it is in the pit lane; `None` where the feed does not say.
        laps: completed.
        pits: stops.
        lap_at: when the lap that it is on began, epoch ms.
        last_us: its last lap.
        best_us: its best.
        is_last_best: whether the last is its best.
        current: sectors of the lap that it is on.
        previous: those of the lap before.
    """

    position: int
    number: str
    state: CarState | None
    in_pit: bool | None
    laps: int | None
    pits: int | None
    lap_at: int | None
    last_us: int | None
    best_us: int | None
    is_last_best: bool
    current: Sectors
    previous: Sectors


def read_standings(document: dict[str, Any], strange: Strange) -> list[Standing]:
    """All cars of a document of standings, first place first.

    Args:
        document: it.
        strange: told of what cannot be read.
    """
    outer = fields_of(document.get("standings"))
    inner = outer.get("standings")
    found = []
    for key, item in fields_of(inner if isinstance(inner, dict) else outer).items():
        if isinstance(item, dict) and "data" in item:
            standing = _read(key, item, strange)
            if standing is not None:
                found.append(standing)
    return sorted(found, key=_position)


def _position(standing: Standing) -> int:
    return standing.position


def _read(key: str, item: dict[str, Any], strange: Strange) -> Standing | None:
    data = [field.strip() for field in text_of(item["data"]).split(";")]
    data += [""] * (10 - len(data))
    position = count_of(data[0])
    position = count_of(key) if position is None else position
    if not data[1] or position is None:
        strange.meet("standing", text_of(item["data"]))
        return None
    on_track = data[8].upper()
    lap_at = number_of(data[7])
    is_checkered = item.get("isCheckered") is True
    return Standing(
        position=position,
        number=data[1],
        state=_state(data[2].upper(), on_track, strange, is_checkered=is_checkered),
        in_pit=on_track == "BOX" if on_track else None,
        laps=count_of(data[4]),
        pits=count_of(data[5]),
        lap_at=int(lap_at) if lap_at is not None and 10**12 < lap_at < MAX_INSTANT else None,
        last_us=us_of(item.get("lastLapTime")),
        best_us=us_of(item.get("bestLapTime")),
        is_last_best=item.get("isLastLapBestPersonal") is True,
        current=dict(_sectors(text_of(item.get("currentSectors")))),
        previous=dict(_sectors(text_of(item.get("lastSectors")))),
    )


def _state(status: str, on_track: str, strange: Strange, *, is_checkered: bool) -> CarState | None:
    if status not in _STATUSES:
        strange.meet("status", status)
    if on_track and on_track not in _ON_TRACK:
        strange.meet("track status", on_track)
    if status in _OUT_OF_IT:
        return _OUT_OF_IT[status]
    return CarState.FINISHED if is_checkered else _ON_TRACK.get(on_track)


def _sectors(text: str) -> Iterator[tuple[int, tuple[int, Mark | None]]]:
    fields = text.split(";")
    for start in range(0, len(fields) - 3, _GROUP):
        number, time_us = count_of(fields[start]), us_of(fields[start + 1])
        if number is not None and 1 <= number <= MAX_SECTORS and time_us is not None:
            is_pb, is_sb = (field.lower() in _TRUE for field in fields[start + 2 : start + 4])
            yield number, (time_us, Mark.SB if is_sb else Mark.PB if is_pb else None)
