"""Al Kamel Systems: lap-by-lap files of the WEC, the ELMS and IMSA, and their live timing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec

from livetiming.events import Attribution
from livetiming.services import Parser, Plugin, Transport, Verified
from livetiming.services.alkamel.captures import read_captures
from livetiming.services.alkamel.protocol import AlKamelParser
from livetiming.services.alkamel.table import COLUMNS, TRACK

_URL = "wss://livetiming.alkamelsystems.com/sockjs"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """Which feed, and where."""

    feed: Annotated[str, msgspec.Meta(description="name of the feed, such as imsa or fiawec")]
    url: Annotated[str, msgspec.Meta(description="where its live timing answers")] = _URL


def _parser(_options: Options) -> Parser:
    return AlKamelParser()


def _transport(options: Options) -> Transport:
    from livetiming.services.alkamel.choosing import Subscribing
    from livetiming.services.transports import Ddp, Subscription

    subscribing = Subscribing(options.feed)

    def then(message: str) -> Iterator[Subscription]:
        for wanted in subscribing.then(message):
            yield Subscription(wanted.name, tuple(wanted.parameters))

    first = Subscription(subscribing.first.name, tuple(subscribing.first.parameters))
    # an address that the operator names may be in his own network; a calendar cannot set it
    return Ddp(options.url, [first], then, allow_private=options.url != _URL)


PLUGIN = Plugin(
    title="Al Kamel (WEC, ELMS, IMSA and others)",
    verified=Verified.CAPTURE,
    options=Options,
    schedulable=frozenset({"feed"}),
    columns=COLUMNS,
    track=TRACK,
    parser=_parser,
    transport=_transport,
    read_capture=read_captures,
    attribution=Attribution("Al Kamel Systems", "https://www.alkamelsystems.com"),
)
