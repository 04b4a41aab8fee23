"""Rows of short texts under each other, as wide as they need."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from livetiming.cli.output import printable
from livetiming.cli.table_cells import QUIET

_GAP = "  "


def aligned(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Text]:
    """Write a table; columns in which nothing stands are left out.

    Args:
        title: stands above it.
        header: above each column; one that begins with `>` is set to the right.
        rows: as many texts each.
    """
    if not rows:
        return [Text(title, "bold"), Text("none", QUIET)]
    shown = [number for number in range(len(header)) if any(row[number] for row in rows)]
    names = [header[number].removeprefix(">") for number in shown]
    texts = [[printable(row[number]) for number in shown] for row in rows]
    right = [header[number].startswith(">") for number in shown]
    widths = [max(map(cell_len, column)) for column in zip(names, *texts, strict=True)]
    head = [Text(title, "bold"), Text(_line(names, widths, right), QUIET)]
    return [*head, *(Text(_line(row, widths, right)) for row in texts)]


def _line(texts: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for text, width, is_right in zip(texts, widths, right, strict=True):
        blanks = " " * (width - cell_len(text))
        padded.append(blanks + text if is_right else text + blanks)
    return _GAP.join(padded)
