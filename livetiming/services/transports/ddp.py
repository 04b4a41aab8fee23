"""Feeds of Meteor applications: DDP over SockJS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random, SystemRandom
from typing import Any

from livetiming.errors import FeedError
from livetiming.services.api import Deliver
from livetiming.services.transports.conversation import MAX_MESSAGE, Terms, Times
from livetiming.services.transports.ddp_conversation import (
    VERSIONS,
    DdpConversation,
    Subscription,
    Then,
)
from livetiming.services.transports.sock_js import OverSockJs, session_url
from livetiming.services.transports.socket_urls import read_socket_url

DDP_TIMES = Times(idle_s=60.0, ping_s=25.0)
"""Servers send a heartbeat of SockJS every 25 s, and pings of DDP."""


class Ddp:
    """Connects, subscribes, and delivers each message of DDP (JSON text) on channel "".

    Args:
        url: of the SockJS endpoint (`wss://host/sockjs`); sessions are below it.
        subscriptions: asked for on each connection.
        then: given each message from `connected` on, and asks for more, such as what belongs to
            the session that a message named. The same again is nothing new; one of the same name
            with other parameters takes the place of the one before. It must begin anew with each
            `connected`.
        headers: of the request that opens the WebSocket.
        max_message: bytes of a frame, unpacked.
        times: how long things may take.
        random: chooses the address of each session.
        allow_private: whether the server may be at an address that is not public.
    Raises: `BadArgument` for an address that is none.
    """

    def __init__(
        self,
        url: str,
        subscriptions: Iterable[Subscription],
        then: Then | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        max_message: int = MAX_MESSAGE,
        times: Times = DDP_TIMES,
        allow_private: bool = False,
        random: Random | None = None,
    ) -> None:
        self._url = read_socket_url(url)
        self._subscriptions = tuple(subscriptions)
        self._then = then or (lambda _: ())
        self._terms = Terms(times, max_message, dict(headers or {}), allow_private)
        self._random = random or SystemRandom()

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """See `Transport`: a server never ends a feed, so this always ends by `FeedError`."""
        version: str | None = VERSIONS[0]
        untried = list(VERSIONS)
        while version in untried:
            untried.remove(version)
            talk = DdpConversation(self._subscriptions, self._then, version)
            try:
                await self._converse(reactor, deliver, talk)
            except FeedError:
                version = talk.suggested
                if version not in untried:
                    raise

    async def _converse(self, reactor: Any, deliver: Deliver, talk: DdpConversation) -> None:
        from livetiming.services.transports.sockets import converse  # brings Autobahn

        await converse(
            reactor,
            session_url(self._url, self._random),
            OverSockJs(talk),
            deliver,
            self._terms,
        )
