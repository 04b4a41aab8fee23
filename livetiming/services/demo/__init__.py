"""The provider `demo`: a simulated endurance race, to try everything without a real one."""

from __future__ import annotations

from livetiming.services import Parser, Plugin, Transport, Verified
from livetiming.services.demo.options import DemoOptions
from livetiming.services.demo.table import COLUMNS, TRACK


def _parser(_options: DemoOptions) -> Parser:
    from livetiming.services.demo.protocol import DemoParser

    return DemoParser()


def _transport(options: DemoOptions) -> Transport:
    from livetiming.services.demo.transport import DemoTransport

    return DemoTransport(options)


PLUGIN = Plugin(
    title="Simulated endurance race",
    verified=Verified.SIMULATION,
    options=DemoOptions,
    schedulable=frozenset({"cars", "duration_s", "lap_s", "seed", "pace"}),
    columns=COLUMNS,
    track=TRACK,
    parser=_parser,
    transport=_transport,
)
