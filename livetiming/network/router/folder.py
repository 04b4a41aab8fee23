"""A folder of which strangers name the files."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Non-blocking: a pipe that lies in the folder would hold the opener up."""
_DEPTH = 8


def open_below(folder: Path, names: Sequence[bytes]) -> BinaryIO | None:
    """Open a file for reading, name by name, so that no link leads out.

    Args:
        folder: where it must be; itself it may be a link.
        names: of the folders on the way, and of the file.
    Returns: `None` where there is no such file, or none that may be seen: hidden ones, ones still
        being written (`.part`), links, and what is no file.
    """
    if not names or len(names) > _DEPTH or not all(map(_is_plain, names)):
        return None
    try:
        return _open(folder, names)
    except OSError:
        return None


def _is_plain(name: bytes) -> bool:
    return (
        bool(name)
        and not name.startswith(b".")
        and not name.endswith(b".part")
        and b"/" not in name
        and b"\0" not in name
    )


def _open(folder: Path, names: Sequence[bytes]) -> BinaryIO | None:
    with ExitStack() as opened:
        at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        opened.callback(os.close, at)
        for name in names[:-1]:
            at = os.open(name, _FOLDER, dir_fd=at)
            opened.callback(os.close, at)
        file = os.open(names[-1], _FILE, dir_fd=at)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        return None
    return open(file, "rb", buffering=0, closefd=True)  # noqa: PTH123 - the caller's
