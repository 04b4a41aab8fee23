"""The columns of the table, and the figures of a race that stand beside it."""

from __future__ import annotations

from livetiming.racing import Column, ColumnType, columns

LED = Column("led", ColumnType.NUMBER, "Led", "laps led")
PRACTICE_COLUMNS = columns(
    "num", "state", "driver", "car", "laps", "gap", "int", "last", "best", "speed", "best_speed"
) + columns("pits")
COLUMNS = (*PRACTICE_COLUMNS, LED, *columns("grid"))
STORED_COLUMNS = tuple(column for column in COLUMNS if column.id not in ("gap", "int", "led"))
"""Those that lap times can fill."""
_STAGE_LAPS = Column("stage_laps", ColumnType.NUMBER, "Stage laps", "laps to the end of the stage")
STORED_TRACK = (_STAGE_LAPS,)
TRACK = (
    _STAGE_LAPS,
    Column("cautions", ColumnType.NUMBER, "Cautions", "how often the race was under caution"),
    Column("caution_laps", ColumnType.NUMBER, "Caution laps", "laps under caution"),
    Column("lead_changes", ColumnType.NUMBER, "Lead changes", "changes of the lead"),
    Column("leaders", ColumnType.NUMBER, "Leaders", "different leaders"),
)
MAKES = {"Chv": "Chevrolet", "Frd": "Ford", "Tyt": "Toyota"}
"""The live feed's words for makes; another word stays as it is."""


def make(word: str) -> str:
    """The make of a car by the feed's word for it."""
    return MAKES.get(word, word)
