"""Connecting to public addresses only, whatever a name is said to mean.

An option that a calendar may set must not reach what only this machine or its network can reach.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from zope.interface import directlyProvides, providedBy

from livetiming.errors import FeedError

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052): the last four bytes are the address that is meant."""


class PublicOnly:
    """A reactor that refuses to connect to an address that is not public.

    It is asked with the address that is connected to, after names were resolved, so a name whose
    meaning changes does no harm.

    Args:
        reactor: the real one.
    """

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        directlyProvides(self, providedBy(reactor))

    def connectTCP(self, host: str, *args: Any, **options: Any) -> Any:  # noqa: N802 - Twisted's name
        """Connect.

        Raises: `FeedError` for an address that is not public.
        """
        if not is_public(host):
            raise FeedError(f"{host} is no public address")
        return self._reactor.connectTCP(host, *args, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)


def is_public(host: str) -> bool:
    """Whether anybody on the internet could reach it; a name is not an address, and so not."""
    try:
        address = _meant(ip_address(host))
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(address.packed[-4:])
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)
