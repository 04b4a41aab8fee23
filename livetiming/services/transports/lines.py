"""Cutting a stream of bytes into lines, however it arrives."""

from __future__ import annotations

from collections.abc import Iterator


class LineSplitter:
    """Bytes in, lines out.

    Args:
        delimiter: what ends a line.
        max_line: bytes of a line; of a longer one only so many are given, the rest is dropped.
    """

    def __init__(self, delimiter: bytes = b"\n", max_line: int = 64 * 1024) -> None:
        self._delimiter = delimiter
        self._max_line = max_line
        self._rest = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes as they arrive.

        Returns: the lines that they complete, without delimiters.
        """
        unsearched = max(0, len(self._rest) - len(self._delimiter) + 1)
        self._rest += data
        if self._rest.find(self._delimiter, unsearched) >= 0:
            yield from self._complete()
        if len(self._rest) > self._max_line:
            if not self._skipping:
                yield bytes(self._rest[: self._max_line])
            self._skipping = True
            self._rest = self._rest[-len(self._delimiter) :]

    def _complete(self) -> Iterator[bytes]:
        *lines, rest = bytes(self._rest).split(self._delimiter)
        self._rest = bytearray(rest)
        for line in lines:
            if not self._skipping:
                yield line[: self._max_line]
            self._skipping = False
