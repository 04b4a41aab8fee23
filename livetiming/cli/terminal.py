"""Styled lines on standard output; `rich` is loaded with this module, so load it late."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

PIPE_WIDTH = 200
"""A pipe has no edge; so many columns hold all that most sessions have."""


class Terminal:
    """Standard output for people: as wide as the terminal; wide, and plain, where there is none."""

    def __init__(self) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        self.console = Console(highlight=False, soft_wrap=True)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody looks at it."""
        return self.console.is_terminal

    @property
    def width(self) -> int:
        """Columns; `COLUMNS` in the environment wins."""
        if self.is_terminal or "COLUMNS" in os.environ:
            return self.console.width
        return PIPE_WIDTH

    @property
    def height(self) -> int:
        """Rows."""
        return self.console.height

    def write(self, lines: Iterable[Text]) -> None:
        """Write lines one below the other, without blanks at their ends."""
        for line in lines:
            line.rstrip()
            self.console.print(line, no_wrap=True, overflow="ignore", crop=False)
        self.console.file.flush()
