"""A kart track's WebSocket, for real: plays a capture to whoever comes, and ends with him.

Says its port on standard output.
"""

import json
import sys
from pathlib import Path

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet import reactor


class Track(WebSocketServerProtocol):
    def onOpen(self):  # noqa: N802 - Autobahn's name
        for message in self.factory.messages:
            self.sendMessage(message.encode(), isBinary=False)
        self.sendClose()

    def onClose(self, wasClean, code, reason):  # noqa: N802, N803 - Autobahn's names
        if reactor.running:
            reactor.stop()


def main(capture):
    lines = Path(capture).read_text(encoding="utf-8").splitlines()[1:]
    factory = WebSocketServerFactory(reactor=reactor)
    factory.protocol = Track
    factory.messages = [json.loads(line)[2] for line in lines]
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    sys.stdout.write(f"{port.getHost().port}\n")
    sys.stdout.flush()
    reactor.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
