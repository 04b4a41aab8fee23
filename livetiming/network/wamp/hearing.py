"""What one session is subscribed to, kept clear of two traps of Autobahn's.

An UNSUBSCRIBE overtaken by another SUBSCRIBE of the same topic silences both; and whoever
unsubscribes while an event is delivered makes the next listener miss it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from autobahn.wamp.types import EventDetails
from twisted.internet.defer import maybeDeferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.network.connection import CallFailed
from livetiming.network.wamp.errors import call_failed
from livetiming.network.wamp.transport import WampSession
from livetiming.network.wamp.untyped import subscribing

_log = Logger()


class Hearing:
    """The subscriptions of a session.

    Args:
        reactor: Twisted's.
        wamp: the session.
    """

    def __init__(self, reactor: Any, wamp: WampSession) -> None:
        self._reactor = reactor
        self._wamp = wamp
        self._asked: Counter[str] = Counter()
        self._leaving: dict[str, list[Heard]] = {}

    def subscribe(
        self, topic: str, take: Callable[..., object], made: Callable[[CallFailed | None], None]
    ) -> Heard:
        """Hear a topic.

        Args:
            topic: exactly.
            take: called with each event's arguments; what it raises is logged.
            made: called when it is so, or with why not.
        """
        heard = Heard(self, topic, take)
        self._asked[topic] += 1

        def subscribed(subscription: Any) -> None:
            self._answered(topic)
            heard.subscription = subscription
            if heard.stopped:
                self.unsubscribe(heard)
            else:
                made(None)

        def refused(failure: Failure) -> None:
            self._answered(topic)
            made(call_failed(failure))

        asked = maybeDeferred(self._wamp.subscribe, heard.hear, topic, subscribing())
        asked.addCallbacks(subscribed, refused)
        return heard

    def unsubscribe(self, heard: Heard) -> None:
        """Take a subscription back, as soon as nothing else depends on the order."""
        self._leaving.setdefault(heard.topic, []).append(heard)
        self._reactor.callLater(0, self._unsubscribe, heard.topic)

    def _answered(self, topic: str) -> None:
        self._asked[topic] -= 1
        if topic in self._leaving:
            self._reactor.callLater(0, self._unsubscribe, topic)

    def _unsubscribe(self, topic: str) -> None:
        if self._asked[topic] > 0 or not self._wamp.is_attached():
            return
        for heard in self._leaving.pop(topic, []):
            undone = maybeDeferred(heard.subscription.unsubscribe)
            undone.addErrback(lambda _: None)  # the session ended: so did the subscription


class Heard:
    """One listener to a topic in one session."""

    def __init__(self, hearing: Hearing, topic: str, take: Callable[..., object]) -> None:
        self.topic = topic
        self.subscription: Any = None
        self.stopped = False
        self._hearing = hearing
        self._take = take
        self._wants_retained = True

    def stop(self) -> None:
        """Hear no more, from now on."""
        if not self.stopped:
            self.stopped = True
            if self.subscription is not None:
                self._hearing.unsubscribe(self)

    def hear(self, *args: Any, details: EventDetails, **_: Any) -> None:
        """Take an event; one that the router kept comes again for each other listener."""
        if self.stopped or (details.retained and not self._wants_retained):
            return
        self._wants_retained = False
        taken = maybeDeferred(self._take, *args)
        taken.addErrback(lambda failure: _log.failure("{topic}", failure, topic=self.topic))
