"""Apex Timing: live timing of kart tracks, from the WebSocket behind its web pages."""

from __future__ import annotations

from typing import Annotated

import msgspec
from livetiming.events import Attribution
from livetiming.services import Parser, Plugin, Transport, Verified

from livetiming_apex.columns import COLUMNS


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Which track."""

    url: Annotated[
        str, msgspec.Meta(description="WebSocket of the track, wss://www.apex-timing.com:PORT/")
    ]
    private: Annotated[
        bool, msgspec.Meta(description="it may be at a private address: a relay of one's own")
    ] = False


def _parser(_options: Options) -> Parser:
    from livetiming_apex.protocol import ApexParser

    return ApexParser()


def _transport(options: Options) -> Transport:
    from livetiming.services.transports import WebSocket

    return WebSocket(options.url, allow_private=options.private)


PLUGIN = Plugin(
    title="Apex Timing (karting)",
    verified=Verified.DOCUMENTATION,
    options=Options,
    schedulable=frozenset({"url"}),
    columns=COLUMNS,
    parser=_parser,
    transport=_transport,
    attribution=Attribution("Apex Timing", "https://www.apex-timing.com/"),
    stale_after_s=60,
)
