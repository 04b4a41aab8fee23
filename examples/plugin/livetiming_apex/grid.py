"""The whole table, which comes as a piece of HTML: its columns and its rows.

Read in one pass with bounds, since a page that is damaged or hostile must not cost time: the
standard library's parser takes quadratic time for some.
"""

from __future__ import annotations

import re
from html import unescape

MAX_GRID = 1024 * 1024
MAX_CELL = 256

_PIECE = re.compile(r"<([^<>]{0,400})>|([^<>]+)")
_ATTRIBUTE = re.compile(r'([a-z-]{1,20})="([^"]{0,100})"')
_BREAK = re.compile(r"/?(?:br|p|div|td|tr|li)\b", re.IGNORECASE)
_ROW = re.compile(r"r([0-9]{1,12})")
_CELL = re.compile(r"r[0-9]{1,12}c([0-9]{1,2})")
_HEAD = re.compile(r"c([0-9]{1,2})")


class Grid:
    """What a table says.

    Args:
        html: the table.
    """

    def __init__(self, html: str) -> None:
        self.types: dict[int, str] = {}
        """The type of each column, by its number."""
        self.rows: dict[str, dict[int, tuple[str, str]]] = {}
        """Class and text of each cell, by row and number of the column."""
        self._row: dict[int, tuple[str, str]] | None = None
        self._column = 0
        for tag, text in _PIECE.findall(html[:MAX_GRID]):
            if tag:
                self._read_tag(tag)
            else:
                self._read_text(text)

    def _read_tag(self, tag: str) -> None:
        name = tag.split(maxsplit=1)[0].lower() if tag.strip() else ""
        attributes = dict(_ATTRIBUTE.findall(tag))
        id_ = attributes.get("data-id") or attributes.get("id") or ""
        if name == "tr":
            self._begin_row(id_)
        elif name in ("td", "th"):
            self._column += 1
            self._begin_cell(id_, attributes)
        elif _CELL.fullmatch(id_):
            self._begin_cell(id_, attributes)

    def _begin_row(self, id_: str) -> None:
        """The row of the heads is `r0`, or has no id."""
        self._column = 0
        match = _ROW.fullmatch(id_)
        is_head = match is None or not int(match[1])
        self._row = None if match is None or is_head else self.rows.setdefault(match[1], {})

    def _begin_cell(self, id_: str, attributes: dict[str, str]) -> None:
        match = _CELL.fullmatch(id_) or _HEAD.fullmatch(id_)
        if match is not None:
            self._column = int(match[1])
        if "data-type" in attributes and self._row is None:
            self.types[self._column] = attributes["data-type"]
        if self._row is not None:
            self._row[self._column] = (attributes.get("class", ""), "")

    def _read_text(self, text: str) -> None:
        if self._row is not None and self._column in self._row:
            style, before = self._row[self._column]
            if len(before) < MAX_CELL:
                self._row[self._column] = (style, before + plain(text))


def plain(html: str) -> str:
    """The text of a short piece of HTML."""
    without_tags = _PIECE.sub(_shown, html[: 4 * MAX_CELL])
    return " ".join(unescape(without_tags[:MAX_CELL]).split())


def _shown(piece: re.Match[str]) -> str:
    """The text of a piece; of a tag only that something new begins."""
    if piece[2] is not None:
        return piece[2]
    return " " if _BREAK.match(piece[1]) else ""
