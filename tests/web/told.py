"""A session on air that says what a test tells it, through the real connection and router.

The demo never says what a page must stand: a feed that is lost, strings that are scripts.
"""

import time
from random import Random

from twisted.internet.task import LoopingCall

from livetiming.events import (
    Changed,
    Described,
    Event,
    Feed,
    FeedStatus,
    SessionId,
    Versions,
    encode,
    state_hash,
)
from livetiming.events.log import Folded
from livetiming.network import names, wire
from livetiming.network.wamp import connect
from livetiming.racing import columns
from tests.network.running import in_reactor, reactor_in_thread

BEACON_S = 5
COLUMNS = columns("num", "class", "state", "driver", "team", "laps", "gap", "last", "best", "tyre")


def described(session, **more):
    """A description, as a provider gives it."""
    told = {
        "name": "Sunday Cup",
        "description": "Race 1",
        "class_": "told",
        "key": "1",
        "kind": "race",
        "columns": COLUMNS,
        "track": (),
        "hidden": False,
        "do_not_record": False,
        "analysis": False,
        "rate": 1,
        "versions": Versions(livetiming="0.1.0"),
    }
    return Described(session=session, writer=1, **(told | more))


class ToldService:
    """A service with one session; use it as a context manager.

    Args:
        router: a running one.
        session: its id.
        described: its description; a usual one where none is given.
    """

    def __init__(self, router, session, description=None):
        self.session = SessionId(session)
        self.folded = Folded(self.session)
        self.lines = []
        self.seen_at = None
        self.writer = 1
        self._connection = None
        self._router = router
        self.say(description or described(session))
        self.say(Feed(status=FeedStatus.LIVE))

    def __enter__(self):
        self._connection = in_reactor(self._connect)
        return self

    def __exit__(self, *_):
        in_reactor(self._close)

    def _close(self):
        self._beacons.stop()
        return self._connection.close()

    def _connect(self):
        router = self._router
        reactor = reactor_in_thread()
        connection = connect(reactor, router.url, lambda: router.secret, Random(1))
        self._beacons = LoopingCall(self._beacon)
        self._beacons.start(BEACON_S, now=False)
        connection.register(names.snapshot_procedure(self.session), self._snapshot)
        connection.register(names.events_procedure(self.session), self._events)
        connection.on_join(self._beacon)
        return connection

    @property
    def now(self):
        return max(round(time.time() * 1000), self.folded.at)

    @property
    def hash(self):
        """Of the state after the last line."""
        return state_hash(self.folded.state)

    def say(self, payload):
        """Something happened: it is published at once."""
        if self._connection is None:
            self._add(payload)
        else:
            in_reactor(self._publish, payload)

    def change(self, **cells):
        """Cells of cars changed; new cars come last."""
        known = self.folded.state.order
        new = [car for car in cells if car not in known]
        order = (len(known), tuple(new)) if new else None
        self.seen_at = self.now
        self.say(Changed(cars=cells, order=order) if order else Changed(cars=cells))

    def session_value(self, **values):
        """Values of the session changed."""
        self.seen_at = self.now
        self.say(Changed(session=values))

    def beacon(self):
        """Say that we are there."""
        in_reactor(self._beacon)

    def _add(self, payload):
        # Not cleaned: the page must stand what no log of ours would take.
        chain, seq = self.folded.chain, self.folded.seq + 1
        line = encode(Event(seq, self.now, payload))
        self.folded.step(line)
        self.lines.append(line)
        return wire.Lines(self.writer, seq, chain, (line,))

    def _publish(self, payload):
        message = self._add(payload)
        topic = names.events_topic(self.session)
        self._connection.publish(topic, *wire.write_lines(message))

    def _beacon(self):
        folded = self.folded
        beacon = wire.Beacon(self.writer, folded.seq + 1, folded.chain, self.now, self.seen_at)
        self._connection.publish(names.events_topic(self.session), *wire.write_beacon(beacon))

    def _snapshot(self, _when):
        answer = wire.SnapshotAnswer(
            self.writer, self.folded.seq + 1, self.now, self.seen_at, self.folded.snapshot()
        )
        return wire.write_snapshot_answer(answer)

    def _events(self, from_seq, limit):
        lines = tuple(self.lines[from_seq - 1 :][:limit])
        answer = wire.Answer(self.writer, len(self.lines) + 1, from_seq, bytes(8), lines)
        return wire.write_answer(answer)

    def entry(self, **more):
        """What a directory tells of it."""
        state = self.folded.state
        known = state.described
        told = {
            "session": str(self.session),
            "writer": self.writer,
            "next_seq": self.folded.seq + 1,
            "recorded": None,
            "name": known.name,
            "description": known.description,
            "class_": known.class_,
            "kind": known.kind,
            "started_at": self.now,
            "cars": len(state.cars),
            "flag": state.session.get("flag", "none"),
            "elapsed": state.session.get("elapsed"),
            "seen_at": self.seen_at,
            "remaining": state.session.get("remaining"),
            "analysis": False,
            "feed": wire.FeedSeen("live", self.now),
        }
        return wire.Entry(**(told | more))


class ToldDirectory:
    """A directory that lists what a test tells it; use it as a context manager."""

    def __init__(self, router, *entries):
        self._router = router
        self._entries = entries

    def __enter__(self):
        self._connection = in_reactor(self._connect)
        return self

    def __exit__(self, *_):
        in_reactor(self._connection.close)

    def _connect(self):
        router = self._router
        reactor = reactor_in_thread()
        connection = connect(reactor, router.url, lambda: router.secret, Random(2))
        connection.register(names.LIST, self._list)
        connection.on_join(self._publish)
        return connection

    def list(self, *entries):
        """Other sessions are on air now."""
        self._entries = entries
        in_reactor(self._publish)

    def _list(self):
        return wire.write_listing(
            wire.Listing(at=round(time.time() * 1000), sessions=self._entries)
        )

    def _publish(self):
        self._connection.publish(names.PUBLIC_DIRECTORY, self._list(), retained=True)
