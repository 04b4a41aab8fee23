"""wige: the live timing of the NLS and of the 24 hours of the Nürburgring."""

from __future__ import annotations

from typing import Annotated

import msgspec

from livetiming.events import Attribution
from livetiming.services import Parser, Plugin, Transport, Verified
from livetiming.services.wige.protocol import WigeParser
from livetiming.services.wige.sessions import COLUMNS

URL = "wss://livetiming.azurewebsites.net/"
PIDS = [0, 3, 4]
"""What is asked for: the result, race control's messages, the state of the track."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Which event."""

    event: Annotated[
        str,
        msgspec.Meta(
            description="id of the event: 20 for the NLS, 50 for the 24 hours",
            pattern=r"^[0-9]{1,9}$",
        ),
    ] = "20"


def greeting(event: str, now: int) -> str:
    """How an event is asked for.

    Args:
        event: its id.
        now: epoch ms.
    """
    asked = {"eventId": event, "eventPid": PIDS, "clientLocalTime": now}
    return msgspec.json.encode(asked).decode()


def _parser(_options: Options) -> Parser:
    return WigeParser()


def feed(event: str, url: str = URL, *, allow_private: bool = False) -> Transport:
    """The feed of an event.

    Args:
        event: its id.
        url: of the server.
        allow_private: whether that may be at an address that is not public.
    """
    from livetiming.services.transports import WebSocket

    return WebSocket(url, greeting=lambda now: [greeting(event, now)], allow_private=allow_private)


def _transport(options: Options) -> Transport:
    return feed(options.event)


PLUGIN = Plugin(
    title="NLS and 24 hours of the Nürburgring (wige)",
    verified=Verified.DOCUMENTATION,
    options=Options,
    schedulable=frozenset({"event"}),
    columns=COLUMNS,
    parser=_parser,
    transport=_transport,
    attribution=Attribution("wige livetiming", "https://livetiming.azurewebsites.net/"),
)
