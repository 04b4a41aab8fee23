"""HH Timing: JSON over TCP, as in IMSA and elsewhere, and the sessions that its program stores."""

from __future__ import annotations

from typing import Annotated

import msgspec

from livetiming.services import Parser, Plugin, Transport, Verified
from livetiming.services.hhtiming.captures import read_captures
from livetiming.services.hhtiming.protocol import HHTimingParser
from livetiming.services.hhtiming.table import COLUMNS, TRACK

END_OF_DOCUMENT = b"<EOM>"
MAX_DOCUMENT = 1024 * 1024


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Where the timing server listens."""

    host: Annotated[str, msgspec.Meta(description="name or address of the timing server")]
    port: Annotated[
        int, msgspec.Meta(description="its TCP port for HH Timing clients", ge=1, le=65535)
    ] = 24688


def _parser(_options: Options) -> Parser:
    return HHTimingParser()


def _transport(options: Options) -> Transport:
    from livetiming.services.transports import TcpLines

    return TcpLines(options.host, options.port, delimiter=END_OF_DOCUMENT, max_line=MAX_DOCUMENT)


PLUGIN = Plugin(
    title="HH Timing (IMSA and others)",
    verified=Verified.DOCUMENTATION,
    options=Options,
    schedulable=frozenset({"host", "port"}),
    columns=COLUMNS,
    track=TRACK,
    parser=_parser,
    transport=_transport,
    read_capture=read_captures,
)
