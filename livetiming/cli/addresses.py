"""Where our own router is, for browsers and for programs on this machine."""

from __future__ import annotations

from livetiming.settings import Address, Settings, listen_address

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not bound here


def website_url(address: Address) -> str:
    """Where a browser on this machine finds the website."""
    host = _ANYWHERE.get(address.host, address.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{address.port}/"


def router_url(address: Address) -> str:
    """Where programs on this machine join the router."""
    return f"ws{website_url(address).removeprefix('http')}ws"


def router_to_join(settings: Settings) -> str:
    """Where the programs of a deployment join the router.

    Raises: `BadSetting`.
    """
    return settings.router or router_url(listen_address(settings))
