"""The service `relay`: sessions of another aggregator of this kind, here as they are there."""

from __future__ import annotations

from typing import Annotated

import msgspec

from livetiming.services.api import Service, ServicePlugin, ServiceRoom, Verified

_URL = r"^wss?://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?(/[!-~]*)?\Z"
_IDS = r"^[0-9a-f]{32}(,[0-9a-f]{32})*\Z"
_CLASSES = r"^[a-z][a-z0-9_]{0,63}(,[a-z][a-z0-9_]{0,63})*\Z"


_Ids = Annotated[str, msgspec.Meta(pattern=_IDS)]
_Classes = Annotated[str, msgspec.Meta(pattern=_CLASSES)]


class RelayOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a relay."""

    url: Annotated[
        str, msgspec.Meta(description="WebSocket of the other router: wss://…/ws.", pattern=_URL)
    ]
    session: Annotated[
        _Ids | None, msgspec.Meta(description="Relay only these, hidden or not: ID,ID…")
    ] = None
    service_class: Annotated[
        _Classes | None,
        msgspec.Meta(description="Relay the listed ones of these classes: CLASS,CLASS…"),
    ] = None
    max_sessions: Annotated[
        int, msgspec.Meta(description="So many at a time at most.", ge=1, le=500)
    ] = 20


def _service(room: ServiceRoom) -> Service:
    from livetiming.events import SessionId
    from livetiming.network.wamp import connect
    from livetiming.services.relay.offers import Wanted
    from livetiming.services.relay.relay import Relay

    options: RelayOptions = room.options
    world = room.world
    sessions = dict.fromkeys(map(SessionId, _listed(options.session)))
    wanted = Wanted(
        tuple(sessions), frozenset(_listed(options.service_class)), options.max_sessions
    )
    remote = connect(world.reactor, options.url, lambda: None, world.random, anonymous=True)
    return Relay(room, remote, options.url, wanted)


def _listed(text: str | None) -> list[str]:
    return text.split(",") if text else []


PLUGIN = ServicePlugin(
    title="Another aggregator's sessions",
    verified=Verified.SYSTEM,
    options=RelayOptions,
    service=_service,
)
