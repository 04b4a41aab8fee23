"""The guard of Crossbar's worker: whoever sends nonsense may cost the others nothing."""

from __future__ import annotations

import sys
from typing import Any

from autobahn.twisted.wamp import ApplicationSession
from autobahn.wamp.types import ComponentConfig

from livetiming.network.router.cbor import decode_cbor
from livetiming.network.router.strangers import ShortBodies, ShortMessages

DEPTH = 1000
"""CPython's own limit. A library that Crossbar imports (py_ecc) raises it to 100,000, with which
one message of 100 KB, sent before any login, held the worker up for 21-55 seconds.
"""


class Guard(ApplicationSession):
    """Sets the limits that Crossbar has no options for, before it listens.

    If it cannot, Crossbar does not start.
    """

    def __init__(self, config: ComponentConfig | None = None) -> None:
        super().__init__(config)
        _guard()


def _guard() -> None:
    from autobahn.wamp import serializer
    from crossbar.router.protocol import WampWebSocketServerFactory as Factory
    from twisted.web.server import Request, Site

    sys.setrecursionlimit(DEPTH)
    _replace(serializer, "_cbor_loads", decode_cbor)
    _replace(Factory, "protocol", type("Guarded", (ShortMessages, Factory.protocol), {}))
    _replace(Site, "requestFactory", type("GuardedRequest", (ShortBodies, Request), {}))


def _replace(owner: Any, name: str, value: object) -> None:
    """Put ours in the place of theirs, which must be there: the libraries may have moved it."""
    getattr(owner, name)
    setattr(owner, name, value)
