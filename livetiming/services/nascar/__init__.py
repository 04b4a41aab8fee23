"""NASCAR: the polled live feed of Cup, Xfinity and Trucks, with its pit and flag feeds."""

from __future__ import annotations

from typing import Annotated

import msgspec

from livetiming.services import Parser, Plugin, Transport, Verified
from livetiming.services.nascar.addresses import HOST, LIVE_S, MAX_RACE, MAX_SERIES
from livetiming.services.nascar.captures import read_captures
from livetiming.services.nascar.protocol import NascarParser
from livetiming.services.nascar.table import COLUMNS, TRACK

_Series = Annotated[int, msgspec.Meta(ge=1, le=MAX_SERIES)]
_Race = Annotated[int, msgspec.Meta(ge=1, le=MAX_RACE)]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Which race; none means whatever is on."""

    series: Annotated[
        _Series | None, msgspec.Meta(description="1 Cup, 2 Xfinity, 3 Trucks; with --race")
    ] = None
    race: Annotated[
        _Race | None, msgspec.Meta(description="id of the race; without it whatever is on")
    ] = None
    base: Annotated[
        str, msgspec.Meta(description="where the documents are: a mirror, or a test")
    ] = HOST

    def __post_init__(self) -> None:
        """A race is found by both numbers.

        Raises: `ValueError` where only one is given.
        """
        if (self.series is None) != (self.race is None):
            raise ValueError("--series and --race belong together")


def _parser(_options: Options) -> Parser:
    return NascarParser()


def _transport(options: Options) -> Transport:
    from livetiming.services.nascar.service import RacePolling

    if options.series is None or options.race is None:
        return RacePolling(options.base, None)
    return RacePolling(options.base, (options.series, options.race))


PLUGIN = Plugin(
    title="NASCAR (Cup, Xfinity, Trucks)",
    verified=Verified.CAPTURE,
    options=Options,
    schedulable=frozenset({"series", "race"}),
    columns=COLUMNS,
    track=TRACK,
    parser=_parser,
    transport=_transport,
    read_capture=read_captures,
    poll_interval_s=LIVE_S,
)
