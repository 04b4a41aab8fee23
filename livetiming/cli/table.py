"""The timing screen in a terminal. Pure: a state and how it is looked at become lines."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from livetiming.cli.output import printable
from livetiming.cli.table_cells import (
    CLASSES,
    FLAGS,
    MARKS,
    QUIET,
    STATES,
    cell_text,
    cut,
)
from livetiming.cli.table_columns import GAP, Placed, place_columns
from livetiming.cli.table_header import Look, Mode, header, spread
from livetiming.events import State
from livetiming.events.state import Message
from livetiming.racing import ColumnType
from livetiming.units import format_instant

__all__ = ["Look", "Mode", "timing_screen"]

_HEAD_ROWS = 3
_MANY_CARS = 100
_MESSAGES = 5


def timing_screen(state: State, look: Look) -> list[Text]:
    """Draw the timing screen.

    Args:
        state: the session.
        look: how it is looked at.
    Returns: lines of at most `look.width`, at most `look.height` of them: header, table with as
        many cars as fit, messages, track data.
    """
    foot = _foot(state, look)
    messages = _messages(state, look)
    room = None
    if look.height is not None:
        messages = messages[: max(0, look.height - _HEAD_ROWS - len(foot) - 4)]
        room = max(1, look.height - _HEAD_ROWS - len(foot) - len(messages))
    lines = [*header(state, look), *_table(state, look.width, room), *messages, *foot]
    return lines[: look.height]


def _table(state: State, width: int, room: int | None) -> list[Text]:
    """The table: its titles, and as many cars as there is room for."""
    place_width = 3 if len(state.order) >= _MANY_CARS else 2
    columns = place_columns(state, width - place_width - GAP)
    classes = _class_styles(state)
    shown = state.order
    more = 0
    if room is not None and len(shown) > room:
        more = len(shown) - room + 1
        shown = shown[: room - 1]
    rows = [
        _row(place, state, car, columns, classes, place_width) for place, car in enumerate(shown, 1)
    ]
    if not state.order:
        rows = [Text("No cars yet", QUIET)]
    if more:
        rows.append(Text(cut(f"… and {more} more cars that do not fit", width), QUIET))
    return [_titles(columns, place_width), *rows]


def _titles(columns: list[Placed], place_width: int) -> Text:
    line = Text("P".rjust(place_width), f"{QUIET} underline")
    for one in columns:
        title = cut(one.column.title, one.width)
        line.append(" " * GAP + _aligned(title, one.width, right=one.right))
    return line


def _row(
    place: int,
    state: State,
    car: str,
    columns: list[Placed],
    classes: dict[str, str],
    place_width: int,
) -> Text:
    cells = state.cars[car]
    line = Text(str(place).rjust(place_width))
    for one in columns:
        line.append(" " * GAP)
        width = one.width - 1 if one.marked else one.width
        text, mark = cell_text(cells.get(one.column.id), one.column.type, width)
        glyph, style = MARKS[mark]
        if one.marked or mark is not None:
            text = (glyph + text).rjust(one.width) if one.marked else cut(glyph + text, one.width)
        style = style or _style(one, cells.get(one.column.id), text, classes)
        line.append(_aligned(text, one.width, right=one.right), style)
    return line


def _style(one: Placed, cell: object, text: str, classes: dict[str, str]) -> str:
    value = cell[0] if isinstance(cell, tuple) else cell
    if one.column.type is ColumnType.STATE:
        return STATES.get(str(value), ("", ""))[1]
    if one.column.type is ColumnType.CLASS:
        return classes.get(str(value), "")
    return "bold" if one.column.id == "num" and text else ""


def _class_styles(state: State) -> dict[str, str]:
    """A hue for each class, by its name's place among all of them, so that it stays the same."""
    names = {str(cells["class"]) for cells in state.cars.values() if "class" in cells}
    return {name: CLASSES[n % len(CLASSES)] for n, name in enumerate(sorted(names))}


def _aligned(text: str, width: int, *, right: bool) -> str:
    blanks = " " * max(0, width - cell_len(text))
    return blanks + text if right else text + blanks


def _messages(state: State, look: Look) -> list[Text]:
    """The newest messages, the newest first, under a line."""
    most = _MESSAGES if look.height is None else min(10, max(1, look.height // 6))
    newest = state.messages[: -most - 1 : -1]
    if not newest:
        return []
    return [Text("─" * look.width, QUIET), *(_message(one, look.width) for one in newest)]


def _message(message: Message, width: int) -> Text:
    line = Text(format_instant(message.at)[11:19] + " ", QUIET)
    style = FLAGS.get(message.style or "", ("", "bold"))[1]
    line.append(printable(message.category), style)
    line.append(" " + printable(message.text))
    line.truncate(width, overflow="ellipsis")
    return line


def _foot(state: State, look: Look) -> list[Text]:
    """Track data, and whose timing it is."""
    described = state.described
    if described is None:
        return []
    track = "   ".join(_track(state))
    thanks = described.attribution.text if described.attribution else ""
    if not track and not thanks:
        return []
    return [spread(Text(track), Text(printable(thanks), QUIET), look.width)]


def _track(state: State) -> list[str]:
    """Each value of the track data with its title, and its unit where the description is one."""
    found = []
    for column in state.described.track if state.described else ():
        value = state.session.get(column.id)
        if isinstance(value, str | int | float):
            text, _ = cell_text(value, column.type, 40)
            unit = column.description or ""
            found.append(f"{column.title} {text} {unit if len(unit) <= 5 else ''}".rstrip())
    return found
