"""What the router serves over HTTP, without the rest of it."""

import importlib
import socket
from contextlib import contextmanager
from pathlib import Path

from livetiming.network.router.configuration import RouterPlan, configuration
from tests.network.running import in_reactor, reactor_in_thread


def resources(plan):
    """The resources that Crossbar would make of a plan, as it makes them."""
    (transport,) = configuration(plan)["workers"][0]["transports"]
    paths = transport["paths"]["/"]["paths"]
    made = {path: _make(service) for path, service in paths.items() if "classname" in service}
    root = made.pop("/")
    for path, resource in made.items():
        root.putChild(path.encode(), resource)
    return root


def _make(service):
    module, _, name = service["classname"].rpartition(".")
    return getattr(importlib.import_module(module), name)(service.get("extra", {}))


@contextmanager
def served(folder):
    """Serve `website`, `recordings` and `analysis` of a folder; gives what asks."""
    from twisted.web.server import Site

    plan = RouterPlan(
        host="127.0.0.1",
        port=0,
        website=folder / "website",
        recordings=folder / "recordings",
        analysis=folder / "analysis",
    )
    reactor = reactor_in_thread()
    site = Site(resources(plan))
    port = in_reactor(lambda: reactor.listenTCP(0, site, interface="127.0.0.1"))
    try:
        yield Asking(port.getHost().port)
    finally:
        in_reactor(port.stopListening)


class Answer:
    """An answer: its `status`, `headers` by lower-case name, and `body`."""

    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        self.status = int(first.split()[1])
        pairs = [line.split(": ", 1) for line in lines]
        self.headers = {name.lower(): value for name, value in pairs}
        assert len(self.headers) == len(pairs), "a header came twice"


class Asking:
    """Asks by hand: a library would tidy the paths."""

    def __init__(self, port):
        self.port = port

    def __call__(self, path, method="GET", **headers):
        lines = [f"{method} {path} HTTP/1.1", "Host: here", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall("".join(f"{line}\r\n" for line in [*lines, ""]).encode())
            raw = b""
            while data := connection.recv(1 << 16):
                raw += data
        return Answer(raw)


def fill(folder: Path, files):
    """Make files, by their path, and the folders they need."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
