"""A parser with a feed to follow: what most tests of the provider need."""

from livetiming.services.rmonitor.protocol import RMonitorParser
from tests.services import feed


class Feed(feed.Feed):
    parser_class = RMonitorParser


def heartbeat(race="00:10:00", flag="Green ", *, laps=9999, to_go="00:00:00", clock="14:10:00"):
    return f'$F,{laps},"{to_go}","{clock}","{race}","{flag}"'
