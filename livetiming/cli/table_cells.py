"""One cell of the timing table in the terminal: its text, its mark, its colour.

Colour is the second channel: each mark has a glyph, each state and flag a word.
"""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from livetiming.cli.output import printable
from livetiming.events import Cell, Laps
from livetiming.racing import CarState, ColumnType, Flag, Mark
from livetiming.units import format_duration

QUIET = "#9aa5b1"
ACCENT = "#54d8ff"

MARKS: dict[Mark | None, tuple[str, str]] = {
    None: (" ", ""),
    Mark.SB: ("◆", "bold #c98bff"),
    Mark.PB: ("▲", "#4ade80"),
    Mark.OLD: ("·", QUIET),
    Mark.INVALID: ("×", f"{QUIET} strike"),
}
"""The glyph and the style of each mark."""

STATES: dict[str, tuple[str, str]] = {
    CarState.RUN: ("run", QUIET),
    CarState.OUT: ("OUT", "#54d8ff"),
    CarState.PIT: ("PIT", "bold #facc15"),
    CarState.FUEL: ("FUEL", "bold #facc15"),
    CarState.STOP: ("STOP", "bold #ef4444"),
    CarState.RETIRED: ("RET", "#ef4444"),
    CarState.FINISHED: ("FIN", "bold"),
    CarState.NOT_STARTED: ("DNS", QUIET),
    CarState.DISQUALIFIED: ("DSQ", "#ef4444"),
}
"""The word and the style of each state."""

FLAGS: dict[str, tuple[str, str]] = {
    Flag.NONE: ("NO FLAG", QUIET),
    Flag.GREEN: ("GREEN", "bold black on #22c55e"),
    Flag.WHITE: ("LAST LAP", "bold black on #f8fafc"),
    Flag.CHEQUERED: ("▚ FINISH ▞", "bold black on #f8fafc"),
    Flag.YELLOW: ("YELLOW", "bold black on #facc15"),
    Flag.FCY: ("FULL COURSE YELLOW", "bold black on #facc15"),
    Flag.CODE_60: ("CODE 60", "bold black on #b45cff"),
    Flag.VSC: ("VIRTUAL SAFETY CAR", "bold black on #facc15"),
    Flag.SC: ("SAFETY CAR", "bold black on #facc15"),
    Flag.CAUTION: ("CAUTION", "bold black on #facc15"),
    Flag.RED: ("RED", "bold white on #ef4444"),
    Flag.SLOW_ZONE: ("SLOW ZONE", "bold black on #facc15"),
    Flag.CODE_60_ZONE: ("CODE 60 ZONE", "bold black on #b45cff"),
}
"""The words and the style of each flag."""

CLASSES = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")
"""Hues of Okabe and Ito, which stay apart for colour-blind eyes."""

Shown = tuple[str, Mark | None]


def cell_text(cell: Cell | None, type_: ColumnType, width: int) -> Shown:
    """Write a cell for people.

    Args:
        cell: its value; `None` where it has none.
        type_: of its column.
        width: so many columns of the terminal; a time that needs more loses decimals.
    Returns: text of at most that width, and the mark.
    """
    value, mark = cell if isinstance(cell, tuple) else (cell, None)
    match value, type_:
        case None, _:
            text = ""
        case Laps(laps), _:
            text = f"{laps} L"
        case str() as word, ColumnType.STATE:
            text = STATES[word][0] if word in STATES else word
        case str() as words, _:
            text = printable(words)
        case number, ColumnType.TIME | ColumnType.GAP:
            text = _fitting(number, width)
        case number, _:
            text = str(number)
    return cut(text, width), mark


def cut(text: str, width: int) -> str:
    """Shorten a text to a width in the terminal; an ellipsis shows where."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def _fitting(value: float, width: int) -> str:
    """The most decimals that fit, three at most; all of it where not even the seconds do."""
    text = ""
    for decimals in (3, 2, 1, 0):
        text = _duration(round(value), decimals)
        if len(text) <= width:
            break
    return text


def _duration(value_us: int, decimals: int) -> str:
    """`S.fff`, with minutes from one minute on."""
    minutes, _, seconds = format_duration(abs(value_us), decimals).partition(":")
    sign = "-" if value_us < 0 else ""
    if minutes != "0":
        return f"{sign}{minutes}:{seconds}"
    return sign + (seconds[1:] if seconds.startswith("0") else seconds)
