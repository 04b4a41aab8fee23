"""Where the dvr finds and leaves logs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Folders(NamedTuple):
    """The folders; no two are the same.

    Args:
        temp: growing logs.
        recordings: sealed ones.
        state: the services' own logs, if they are on this machine; only read.
        analyses: of recordings; `None` where none are to be made.
    """

    temp: Path
    recordings: Path
    state: Path
    analyses: Path | None = None
