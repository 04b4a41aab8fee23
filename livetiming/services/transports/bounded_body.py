"""The body of an answer, which may be anything: counted while it comes, packed and unpacked."""

from __future__ import annotations

import zlib

from livetiming.errors import FeedError

_GZIP = 31
"""To zlib: the largest window, and the header of gzip."""


class BoundedBody:
    """Takes a body in pieces.

    Args:
        limit: bytes that it may have, unpacked too.
        encoding: its content coding; empty where it has none.
    Raises: `FeedError` for a coding that was not asked for.
    """

    def __init__(self, limit: int, encoding: str = "") -> None:
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise FeedError(f"expected plain or gzip, got content in {encoding[:40]!r}")
        self._limit = limit
        self._gzip = zlib.decompressobj(_GZIP) if encoding.endswith("gzip") else None
        self._packed = 0
        self._body = bytearray()

    def take(self, data: bytes) -> None:
        """Add a piece.

        Raises: `FeedError` where the body is too long, or packed wrongly.
        """
        if self._gzip is None:
            self._keep(data)
            return
        self._packed += len(data)
        if self._packed > self._limit:
            raise self._too_long()
        try:
            self._keep(self._gzip.decompress(data, self._limit - len(self._body) + 1))
        except zlib.error as error:
            raise FeedError(f"expected gzip: {error}") from error
        if self._gzip.unused_data:
            raise FeedError("expected one gzip, got more after its end")

    def whole(self) -> bytes:
        """All of it, once its last piece was taken.

        Raises: `FeedError` where the end of what was packed is missing.
        """
        if self._gzip is not None and self._packed and not self._gzip.eof:
            raise FeedError("the end of the gzip is missing")
        return bytes(self._body)

    def _keep(self, data: bytes) -> None:
        if len(self._body) + len(data) > self._limit:
            raise self._too_long()
        self._body += data

    def _too_long(self) -> FeedError:
        return FeedError(f"the body has more than {self._limit} bytes")
