"""Cutting a stream of bytes into bodies whose lengths it says before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from livetiming.errors import FeedError


class LengthSplitter:
    """Bytes in, bodies out.

    Args:
        header: bytes of the header before each body.
        length_of: reads a header; gives the bytes of its body, or raises `ValueError`.
        max_body: bytes of a body.
        with_header: whether a body is given with its header, where that says more than a length.
    """

    def __init__(
        self,
        header: int,
        length_of: Callable[[bytes], int],
        *,
        max_body: int = 8 * 1024 * 1024,
        with_header: bool = False,
    ) -> None:
        self._header = header
        self._length_of = length_of
        self._max_body = max_body
        self._skipped = 0 if with_header else header
        self._rest = bytearray()
        self._end: int | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes as they arrive.

        Returns: the bodies that they complete.
        Raises: `FeedError` by a header that is none: where the next one stands is then not known.
        """
        self._rest += data
        while True:
            if self._end is None and len(self._rest) >= self._header:
                self._end = self._read(bytes(self._rest[: self._header]))
            if self._end is None or len(self._rest) < self._end:
                return
            body = bytes(self._rest[self._skipped : self._end])
            del self._rest[: self._end]
            self._end = None
            yield body

    def _read(self, header: bytes) -> int:
        try:
            length = self._length_of(header)
        except ValueError as error:
            raise FeedError(f"expected a header, got {header!r}: {error}") from error
        if not 0 <= length <= self._max_body:
            raise FeedError(f"expected a body of at most {self._max_body} bytes, got {header!r}")
        return self._header + length
