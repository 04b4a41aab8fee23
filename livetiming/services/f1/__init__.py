"""Formula 1: the official live timing, over SignalR."""

from __future__ import annotations

from typing import Annotated

import msgspec

from livetiming.events import Attribution
from livetiming.services import Parser, Plugin, Transport, Verified, from_environment
from livetiming.services.f1.captures import read_captures
from livetiming.services.f1.protocol import F1Parser
from livetiming.services.f1.sessions import COLUMNS
from livetiming.services.f1.topics import READ
from livetiming.services.f1.weather import TRACK

_CORE_URL = "https://livetiming.formula1.com/signalrcore"
_CLASSIC_URL = "https://livetiming.formula1.com/signalr"
_MAX_STATE = 8 * 1024 * 1024
"""Bytes of the initial state: without cars' data it was 100 to 150 KB in 2024."""
_HUB = "Streaming"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Which server, and how to speak to it."""

    classic: Annotated[
        bool, msgspec.Meta(description="speak classic SignalR, as servers did until 2025")
    ] = False
    url: Annotated[
        str | None,
        msgspec.Meta(description="of the SignalR endpoint, where it is not the usual one"),
    ] = None
    token: Annotated[
        str | None, from_environment("LIVETIMING_F1_TOKEN", "bearer token of a subscriber")
    ] = None


def _parser(_options: Options) -> Parser:
    return F1Parser()


def _transport(options: Options) -> Transport:
    """A server that the operator names may be in his own network; no calendar can name one."""
    from livetiming.services.transports import ClassicSignalR, SignalR

    asked, is_chosen = [list(READ)], options.url is not None
    if options.classic:
        url = options.url or _CLASSIC_URL
        return ClassicSignalR(
            url, _HUB, "Subscribe", asked, max_message=_MAX_STATE, allow_private=is_chosen
        )
    url = options.url or _CORE_URL
    return SignalR(
        url, "Subscribe", asked, options.token, max_message=_MAX_STATE, allow_private=is_chosen
    )


PLUGIN = Plugin(
    title="Formula 1 live timing",
    verified=Verified.CAPTURE,
    options=Options,
    columns=COLUMNS,
    track=TRACK,
    parser=_parser,
    transport=_transport,
    read_capture=read_captures,
    attribution=Attribution("Timing: Formula 1", "https://www.formula1.com/en/timing/f1-live"),
)
