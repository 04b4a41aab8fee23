"""A session on air without the programs of the real system: Crossbar, the demo and its log's file.

`python -m tests.web.fake_air FOLDER [PORT] [demo options]` runs until it is ended.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from autobahn.twisted.component import Component
from autobahn.wamp.types import PublishOptions
from twisted.internet import reactor
from twisted.internet.task import LoopingCall

from livetiming.events import encode
from livetiming.events.log import RealDisk, open_reader
from livetiming.events.log.following import Follower
from livetiming.events.state import as_json
from livetiming.network import names

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SESSION = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"


def config(port):
    allowed = {"call": True, "register": True, "publish": True, "subscribe": True}
    permission = {"uri": "livetiming.", "match": "prefix", "allow": allowed}
    site = {"type": "static", "directory": str(ROOT / "livetiming" / "webclient")}
    web = {
        **{"type": "web", "id": "web", "endpoint": {"type": "tcp", "port": port}},
        "paths": {
            "/": site | {"options": {"cache_timeout": 0, "default_file": "index.html"}},
            "ws": {
                **{"type": "websocket", "serializers": ["cbor", "json"]},
                "auth": {"anonymous": {"type": "static", "role": "anonymous"}},
            },
        },
    }
    realm = {
        "name": names.REALM,
        "roles": [{"name": "anonymous", "permissions": [permission]}],
    }
    router = {"type": "router", "id": "router1", "realms": [realm], "transports": [web]}
    return {"version": 2, "workers": [router]}


class Air:
    """Publishes a growing log, and answers for it."""

    def __init__(self, path):
        self.log = Follower(RealDisk(), path)
        self.lines = [line.decode() for line in self._lines(path)]
        self.session = None
        self.seen_at = None

    def _lines(self, path):
        with open_reader(RealDisk(), path) as reader:
            return [line for line, _ in reader.events()][: self.log.folded.seq]

    @property
    def writer(self):
        return self.log.folded.state.writer

    @property
    def now(self):
        return max(int(time.time() * 1000), self.log.folded.at)

    def join(self, session, _details):
        self.session = session
        session.register(self.snapshot, names.snapshot_procedure(SESSION))
        session.register(self.events, names.events_procedure(SESSION))
        session.register(self.listing, names.LIST)
        self.beacon()
        self.list_()

    def poll(self):
        events = self.log.poll()
        if not events:
            return
        self.seen_at = self.now
        text = "".join(encode(event).decode() + "\n" for event in events)
        self.lines += text.splitlines()
        self.publish(events[0].seq, text)

    def publish(self, seq, text, *more):
        if self.session and self.session.is_attached():
            topic = names.events_topic(SESSION)
            self.session.publish(topic, self.writer, seq, "0" * 16, text, *more)

    def beacon(self):
        self.publish(self.log.folded.seq + 1, "", self.now, self.seen_at)

    def list_(self):
        if self.session and self.session.is_attached():
            retained = PublishOptions(retain=True)
            self.session.publish(names.PUBLIC_DIRECTORY, self.listing(), options=retained)

    def snapshot(self, _when):
        line = self.log.folded.snapshot().decode()
        return json.dumps(
            {
                **{"writer": self.writer, "next_seq": self.log.folded.seq + 1, "now": self.now},
                **{"seen_at": self.seen_at, "snapshot": json.loads(line)},
            }
        )

    def events(self, from_seq, limit):
        lines = self.lines[from_seq - 1 : from_seq - 1 + limit]
        return json.dumps(
            {
                **{"writer": self.writer, "next_seq": len(self.lines) + 1, "from_seq": from_seq},
                **{"chain": "0" * 16, "lines": "".join(line + "\n" for line in lines)},
            }
        )

    def listing(self):
        state = json.loads(as_json(self.log.folded.state))
        described, session = state["described"], state["session"]
        clocks = {field: session[field] for field in ("elapsed", "remaining") if field in session}
        same = {field: described[field] for field in ("name", "description", "class", "kind")}
        entry = {
            **{"session": SESSION, "writer": self.writer, "next_seq": len(self.lines) + 1},
            **{"recorded": len(self.lines) - 3, "venue": "Lakemoor Ring", "seen_at": self.seen_at},
            **{"started_at": self.writer, "cars": len(state["cars"]), "analysis": True},
            **{"flag": session.get("flag", "none"), "feed": state["feed"]},
        }
        return json.dumps({"at": self.now, "sessions": [same | clocks | entry]})


def main(folder, port="8080", *options):
    folder = Path(folder)
    node = folder / "node"
    node.mkdir(parents=True, exist_ok=True)
    (node / "config.json").write_text(json.dumps(config(int(port))))
    router = subprocess.Popen(
        [BIN / "crossbar", "start", "--cbdir", node, "--loglevel", "warn"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    command = [BIN / "livetiming-service", "demo", f"--uuid={SESSION}", *options]
    service = subprocess.Popen(command, env=environment(folder))
    log = folder / "state" / SESSION
    while not (folder / "state" / f"{SESSION}.jsonl").exists():
        time.sleep(0.1)
    time.sleep(1)
    air = Air(log)
    url = f"ws://127.0.0.1:{port}/ws"
    retries = {"max_retries": -1, "initial_retry_delay": 0.3, "max_retry_delay": 1}
    component = Component(
        realm=names.REALM, transports=[{"url": url, "serializers": ["cbor"], **retries}]
    )
    component.on("join", air.join)
    for call, every_s in ((air.poll, 0.2), (air.beacon, 5), (air.list_, 1)):
        LoopingCall(call).start(every_s)
    component.start(reactor)
    try:
        reactor.run()
    finally:
        router.terminate()
        service.terminate()


def environment(folder):
    import os

    return {**os.environ, "LIVETIMING_STATE_DIR": str(folder / "state")}


if __name__ == "__main__":
    main(*sys.argv[1:])
