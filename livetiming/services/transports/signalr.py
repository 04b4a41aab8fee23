"""Feeds over SignalR Core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from livetiming.errors import BadArgument, FeedError
from livetiming.services.api import Deliver
from livetiming.services.transports.conversation import MAX_MESSAGE, Terms, Times
from livetiming.services.transports.signalr_core import SignalRConversation
from livetiming.services.transports.socket_urls import SocketUrl, read_socket_url

if TYPE_CHECKING:
    from livetiming.services.transports.questions import Questions

SIGNALR_TIMES = Times(idle_s=30.0, ping_s=15.0)
"""What the protocol's own clients keep: a server pings every 15 s."""


class SignalR:
    """Negotiates, connects, calls one method of the hub, and delivers each record (JSON text
    without its separator) on channel "".

    Args:
        url: of the hub, http, https, ws or wss.
        hub_method: called once on each connection.
        arguments: of the call.
        token: a bearer token, sent in the header `Authorization`.
        token_in_address: whether the WebSocket's address has it too, as `access_token`.
        headers: of all requests.
        max_message: bytes of a message, unpacked, and of a record.
        times: how long things may take.
        allow_private: whether the server may be at an address that is not public.
    Raises: `BadArgument` for an address or a token that is none.
    """

    def __init__(
        self,
        url: str,
        hub_method: str,
        arguments: Sequence[Any] = (),
        token: str | None = None,
        *,
        token_in_address: bool = False,
        headers: Mapping[str, str] | None = None,
        max_message: int = MAX_MESSAGE,
        times: Times = SIGNALR_TIMES,
        allow_private: bool = False,
    ) -> None:
        self._url = read_socket_url(url)
        self._hub_method = hub_method
        self._arguments = list(arguments)
        self._token = _checked(token)
        self._token_in_address = token_in_address
        said = {"Authorization": f"Bearer {token}"} if token else {}
        self._terms = Terms(times, max_message, {**(headers or {}), **said}, allow_private)

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """See `Transport`: a hub never ends a feed, so this always ends by `FeedError`."""
        try:
            await self._run(reactor, deliver)
        except FeedError as error:
            if self._token and self._token in str(error):
                # a server may tell the token that it refuses
                raise FeedError(str(error).replace(self._token, "(the token)")) from None
            raise

    async def _run(self, reactor: Any, deliver: Deliver) -> None:
        from livetiming.services.transports.questions import Questions  # brings twisted.web
        from livetiming.services.transports.sockets import converse  # brings Autobahn

        questions = Questions(reactor, self._url.host, self._terms)
        try:
            url = self._url.under("", {"id": await self._negotiate(questions)})
        finally:
            questions.leave()
        if self._token and self._token_in_address:
            url = url.under("", {"access_token": self._token})
        await converse(
            reactor,
            url,
            SignalRConversation(self._hub_method, self._arguments, self._terms.max_message),
            deliver,
            questions.terms_of(url),
        )

    async def _negotiate(self, questions: Questions) -> str:
        url = self._url.under("/negotiate", {"negotiateVersion": "1"})
        await questions.knock("OPTIONS", url)
        answer = await questions.ask("POST", url, _Negotiated)
        token = answer.connection_token or answer.connection_id
        if refusal := _refusal(answer, token):
            raise FeedError(f"{_page(url)} {refusal}")
        return token


class _Transport(msgspec.Struct):
    transport: str = ""


class _Negotiated(msgspec.Struct, rename="camel"):
    """An answer to `negotiate`: version 1 has a token, version 0 an id alone."""

    connection_token: str = ""
    connection_id: str = ""
    available_transports: list[_Transport] | None = None
    error: str | None = None
    url: str | None = None


def _refusal(answer: _Negotiated, token: str) -> str | None:
    if answer.error is not None:
        return f"refuses to negotiate: {answer.error[:200]}"
    if answer.url is not None:
        return "sends us to another server, which this transport does not follow"
    offered = answer.available_transports
    if offered is not None and all(one.transport != "WebSockets" for one in offered):
        return f"offers no WebSockets, only {', '.join(one.transport for one in offered)[:80]}"
    return None if token else "negotiates no connection: expected a connectionToken, got none"


def _page(url: SocketUrl) -> str:
    return url._replace(query="").http


def _checked(token: str | None) -> str | None:
    if token is not None and (not token.isascii() or not token.isprintable() or " " in token):
        raise BadArgument("expected a token of plain characters without blanks, got another")
    return token or None
