"""Addresses of WebSockets, and of what must be asked over HTTP before they open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

from livetiming.errors import BadArgument

_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}


class SocketUrl(NamedTuple):
    """An address, without its scheme, which says only how it is carried.

    Args:
        secure: whether over TLS.
        place: host, and port where one is given.
        path: as it was given.
        query: without its question mark.
    """

    secure: bool
    place: str
    path: str
    query: str = ""

    @property
    def host(self) -> str:
        """Name or address."""
        return urlsplit(self.socket).hostname or ""

    @property
    def port(self) -> int:
        """Number."""
        return urlsplit(self.socket).port or (443 if self.secure else 80)

    @property
    def shown(self) -> str:
        """It in words: without its query, which may hold a secret."""
        return self._replace(query="").socket

    @property
    def socket(self) -> str:
        """As a WebSocket's address."""
        return self._as("wss" if self.secure else "ws")

    @property
    def http(self) -> str:
        """As an address of the web."""
        return self._as("https" if self.secure else "http")

    def under(self, path: str, query: Mapping[str, str] | None = None) -> SocketUrl:
        """An address below this one.

        Args:
            path: after this one's, with a slash at its beginning, or nothing.
            query: to be added to this one's.
        """
        parts = [self.query, urlencode(query or {})]
        below = self.path.rstrip("/") + path if path else self.path
        return self._replace(path=below, query="&".join(filter(None, parts)))

    def _as(self, scheme: str) -> str:
        return urlunsplit((scheme, self.place, self.path, self.query, ""))


def read_socket_url(text: str) -> SocketUrl:
    """Read an address.

    Raises: `BadArgument` where it is none of ws, wss, http or https, or holds a password.
    """
    try:
        split = urlsplit(text)
        usable = bool(split.hostname) and split.port != 0
    except ValueError as error:
        raise BadArgument(f"{_bare(text)!r} is no address: {error}") from error
    if split.scheme not in _SCHEMES or not usable:
        raise BadArgument(f"expected a ws, wss, http or https address, got {_bare(text)!r}")
    if "@" in split.netloc:
        raise BadArgument("expected an address without a user, got one with")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise BadArgument("expected an address of plain characters, got one with others")
    secure = _SCHEMES[split.scheme] == "wss"
    return SocketUrl(secure, split.netloc, split.path, split.query)


def _bare(text: str) -> str:
    return text.partition("?")[0].rpartition("@")[2]
