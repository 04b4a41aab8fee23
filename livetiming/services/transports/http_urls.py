"""Which addresses are polled, and where they may send us."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from livetiming.errors import BadArgument, FeedError

_PORTS = {"http": 80, "https": 443}


class Url(NamedTuple):
    """An address that may be asked.

    Args:
        text: all of it.
        scheme: http or https.
        host: name or address.
        port: number.
    """

    text: str
    scheme: str
    host: str
    port: int

    @property
    def shown(self) -> str:
        """It in words, without a query, which may hold a secret."""
        return self.text.partition("?")[0]


def read_url(text: str) -> Url:
    """Read an address.

    Raises: `BadArgument` where it is none of http or https, or holds a password.
    """
    try:
        split = urlsplit(text)
        host, port = split.hostname or "", split.port or _PORTS.get(split.scheme, 0)
    except ValueError as error:
        raise BadArgument(f"{_bare(text)!r} is no address: {error}") from error
    if split.scheme not in _PORTS or not host:
        raise BadArgument(f"expected an http or https address, got {_bare(text)!r}")
    if "@" in split.netloc or not text.isascii() or not text.isprintable() or " " in text:
        what = "expected an address of plain characters and no user"
        raise BadArgument(f"{what}, got {_bare(text)!r}")
    return Url(_asked(split), split.scheme, host, port)


def _bare(text: str) -> str:
    """It without what may be secret: a query, a user and his password."""
    return text.partition("?")[0].rpartition("@")[2]


def _asked(split: SplitResult) -> str:
    return split._replace(path=split.path or "/", fragment="").geturl()


def redirected(url: Url, location: str) -> Url:
    """Where an answer sends us.

    Raises: `FeedError` where that is elsewhere, or no address.
    """
    try:
        target = read_url(urljoin(url.text, location))
    except (ValueError, BadArgument) as error:
        raise FeedError(f"redirects to no address: {_bare(location)[:200]!r}") from error
    same = target.host == url.host and target[1::2] == url[1::2]
    secured = target.host == url.host and (url[1::2], target[1::2]) == (
        ("http", 80),
        ("https", 443),
    )
    if not same and not secured:
        raise FeedError(f"redirects elsewhere: {target.shown[:200]}")
    return target
