"""A real HTTP server of ours on the loopback, which answers as it is told, rightly or wrongly."""

import gzip
from typing import NamedTuple

from tests.services.line_server import LineServer

HOLD = object()
"""A piece that never comes: the connection stands until the client breaks it."""


class Asked(NamedTuple):
    """A request: its path, its headers by their names in lower case, and which connection."""

    path: str
    headers: dict
    connection: int


class WebServer(LineServer):
    """Answers each request by the pieces that `answer(asked, number)` gives; hangs up after none.

    Args:
        answer: called with each request and its number, from 0; gives bytes, or pieces of them.
        tls: a context where it is asked over TLS.
    """

    def __init__(self, answer, tls=None):
        super().__init__(self._converse if tls is None else self._converse_securely)
        self._tls = tls
        self._answer = answer
        self.asked = []
        self.open = 0
        self.most_open = 0

    def url(self, path="/", host="127.0.0.1", scheme="http"):
        return f"{scheme}://{host}:{self.port}{path}"

    def _converse_securely(self, connection, number):
        with self._tls.wrap_socket(connection, server_side=True) as secured:
            self._converse(secured, number)

    def _converse(self, connection, number):
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            with connection.makefile("rb") as stream:
                while (asked := _read(stream, number)) and self._answered(connection, asked):
                    pass
        finally:
            self.open -= 1

    def _answered(self, connection, asked):
        self.asked.append(asked)
        answer = self._answer(asked, len(self.asked) - 1)
        for piece in [answer] if isinstance(answer, bytes) else answer:
            if piece is HOLD:
                connection.recv(1)
            if piece in (HOLD, None):
                return False
            connection.sendall(piece)
        return True


def _read(stream, number):
    line = stream.readline()
    if not line:
        return None
    headers = {}
    while (header := stream.readline().strip()) != b"":
        name, _, value = header.decode().partition(": ")
        headers[name.lower()] = value
    return Asked(line.decode().split(" ")[1], headers, number)


def answer(code=200, body=b"", **headers):
    """An answer as it should be."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    if code != 304:
        names = {"Content-Length": len(body)} | names
    lines = "".join(f"{name}: {value}\r\n" for name, value in names.items())
    return f"HTTP/1.1 {code} Words\r\n{lines}\r\n".encode() + body


def packed(body, **headers):
    """An answer whose body is packed."""
    return answer(200, gzip.compress(body), Content_Encoding="gzip", **headers)
