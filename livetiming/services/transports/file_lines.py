"""Feeds that another program writes into a file, line by line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from twisted.internet.task import deferLater

from livetiming.errors import FeedError
from livetiming.services.api import Deliver
from livetiming.services.transports.lines import LineSplitter

POLL_S = 0.25
_CHUNK = 256 * 1024


class FileLines:
    """Delivers each line of a file, as bytes on channel "".

    Args:
        path: the file.
        follow: whether to wait for more at its end, for ever; else the feed is over there.
        delimiter: what ends a line; a carriage return before it stays.
        max_line: bytes of a line; the rest of a longer one is dropped.
    """

    def __init__(
        self,
        path: Path,
        *,
        follow: bool = True,
        delimiter: bytes = b"\n",
        max_line: int = 64 * 1024,
    ) -> None:
        self._path = path
        self._follow = follow
        self._delimiter = delimiter
        self._max_line = max_line
        self._begin(None)

    def _begin(self, inode: int | None) -> None:
        self._inode = inode
        self._offset = 0
        self._splitter = LineSplitter(self._delimiter, self._max_line)

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """See `Transport`: goes on where it was when it is run again; begins anew in a new file."""
        while True:
            data = self._read()
            for line in self._splitter.feed(data):
                deliver("", line)
            if not data and not self._follow:
                for line in self._splitter.feed(self._delimiter):
                    if line:
                        deliver("", line)
                return
            await deferLater(reactor, 0 if data else POLL_S)

    def _read(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                found = os.fstat(file.fileno())
                if found.st_ino != self._inode or found.st_size < self._offset:
                    self._begin(found.st_ino)
                file.seek(self._offset)
                data = file.read(_CHUNK)
        except OSError as error:
            raise FeedError(f"{self._path}: cannot be read: {error.strerror}") from error
        self._offset += len(data)
        return data
