"""Multiloop: the richer line protocol of MyLaps, with USAC's additions."""

from __future__ import annotations

from typing import Annotated

import msgspec

from livetiming.services import Parser, Plugin, Transport, Verified
from livetiming.services.multiloop.captures import read_captures
from livetiming.services.multiloop.protocol import MultiloopParser
from livetiming.services.multiloop.table import COLUMNS


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Where the timing server listens."""

    host: Annotated[str, msgspec.Meta(description="name or address of the timing server")]
    port: Annotated[
        int, msgspec.Meta(description="its TCP port for Multiloop clients", ge=1, le=65535)
    ] = 50003


def _parser(_options: Options) -> Parser:
    return MultiloopParser()


def _transport(options: Options) -> Transport:
    from livetiming.services.transports import TcpLines

    return TcpLines(options.host, options.port)


PLUGIN = Plugin(
    title="Multiloop (MyLaps, USAC)",
    verified=Verified.DOCUMENTATION,
    options=Options,
    schedulable=frozenset({"host", "port"}),
    columns=COLUMNS,
    parser=_parser,
    transport=_transport,
    read_capture=read_captures,
)
