"""RMonitor: the line protocol of MyLaps Orbits and of many timekeepers besides."""

from __future__ import annotations

from typing import Annotated

import msgspec

from livetiming.services import Parser, Plugin, Transport, Verified
from livetiming.services.rmonitor.captures import read_captures
from livetiming.services.rmonitor.protocol import RMonitorParser
from livetiming.services.rmonitor.sessions import COLUMNS, SPEED_COLUMNS


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Where the timing server listens."""

    host: Annotated[str, msgspec.Meta(description="name or address of the timing server")]
    port: Annotated[
        int, msgspec.Meta(description="its TCP port for RMonitor clients", ge=1, le=65535)
    ] = 50000


def _parser(_options: Options) -> Parser:
    return RMonitorParser()


def _transport(options: Options) -> Transport:
    from livetiming.services.transports import TcpLines

    return TcpLines(options.host, options.port)


PLUGIN = Plugin(
    title="RMonitor (MyLaps Orbits and others)",
    verified=Verified.CAPTURE,
    options=Options,
    schedulable=frozenset({"host", "port"}),
    columns=COLUMNS + SPEED_COLUMNS,
    parser=_parser,
    transport=_transport,
    read_capture=read_captures,
)
