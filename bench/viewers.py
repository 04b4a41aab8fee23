"""`python -m bench.viewers URL SECONDS TOPIC COUNT …`: viewers that note when lines reach them.

Each is a WebSocket of its own with JSON, as a browser's; all live in this process, which says at
the end how late the lines were and how many bytes they took.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from autobahn.twisted.wamp import ApplicationSession
from autobahn.twisted.websocket import WampWebSocketClientFactory, WampWebSocketClientProtocol
from autobahn.wamp.serializer import JsonSerializer
from autobahn.wamp.types import ComponentConfig
from twisted.internet import reactor as _reactor
from twisted.internet.endpoints import HostnameEndpoint

from livetiming.network.names import ANONYMOUS, REALM
from livetiming.network.wire import Lines, read_message

reactor: Any = _reactor


class Tally:
    """What all viewers saw.

    Args:
        expected: how many viewers there are.
        seconds: how long they watch once all of them do.
    """

    def __init__(self, expected: int, seconds: float) -> None:
        self._expected = expected
        self._seconds = seconds
        self._ready = 0
        self._counting = False
        self.late_ms: list[float] = []
        self.bytes = 0
        self.lost = 0

    def ready(self) -> None:
        """One more viewer watches; when all do, counting begins, and the reader is told."""
        self._ready += 1
        if self._ready == self._expected:
            print("watching", flush=True)
            self._counting = True
            reactor.callLater(self._seconds, self._end)

    def _end(self) -> None:
        self._counting = False
        reactor.stop()

    def saw(self, args: tuple[Any, ...]) -> None:
        """Something came on a topic; the instant of the last line is when the service made it."""
        message = read_message(args)
        if self._counting and isinstance(message, Lines):
            at = json.loads(message.lines[-1])["at"]
            self.late_ms.append(time.time() * 1000 - at)

    def lose(self) -> None:
        """A viewer was thrown off."""
        self.lost += self._counting

    def took(self, size: int) -> None:
        """A WebSocket message came."""
        if self._counting:
            self.bytes += size


class _Viewer(ApplicationSession):
    def onConnect(self) -> None:  # noqa: N802
        self.join(REALM, [ANONYMOUS])

    def onJoin(self, details: Any) -> None:  # noqa: N802
        extra = self.config.extra
        made = self.subscribe(lambda *args: extra["tally"].saw(args), extra["topic"])
        made.addCallback(lambda _: extra["tally"].ready())

    def onDisconnect(self) -> None:  # noqa: N802
        self.config.extra["tally"].lose()


def _protocol(tally: Tally) -> type:
    class Counting(WampWebSocketClientProtocol):
        def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
            tally.took(len(payload))
            super().onMessage(payload, isBinary)

    return Counting


def _view(url: str, topic: str, tally: Tally) -> None:
    config = ComponentConfig(realm=REALM, extra={"topic": topic, "tally": tally})
    factory = WampWebSocketClientFactory(
        lambda: _Viewer(config), url, serializers=[JsonSerializer()], reactor=reactor
    )
    factory.protocol = _protocol(tally)
    HostnameEndpoint(reactor, factory.host, factory.port).connect(factory)


def main(url: str, seconds: str, *topics: str) -> None:
    """Watch, then say what was seen as one JSON object."""
    counts = dict(zip(topics[::2], map(int, topics[1::2]), strict=True))
    tally = Tally(sum(counts.values()), float(seconds))
    viewers = [topic for topic, count in counts.items() for _ in range(count)]
    for number, topic in enumerate(viewers):
        reactor.callLater(number * 0.01, _view, url, topic, tally)
    reactor.run()
    print(json.dumps({"late_ms": tally.late_ms, "bytes": tally.bytes, "lost": tally.lost}))


if __name__ == "__main__":
    main(*sys.argv[1:])
