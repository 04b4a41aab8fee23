"""Who is let in, and what is said of it."""

import subprocess
import sys
import time

import pytest

from livetiming.errors import BadSetting
from tests.cli.programs import environment, wait_for
from tests.network.connection_contract import subscribe
from tests.network.running import free_port

WRONG = "not-the-secret-that-the-router-knows-0123456789"


class Secret:
    """A secret that changes, and how often it was asked for."""

    def __init__(self, now):
        self.now = now
        self.asked = 0

    def __call__(self):
        self.asked += 1
        if isinstance(self.now, Exception):
            raise self.now
        return self.now


def told(said, word):
    return [(level, text) for level, name, text in said if "network" in name and word in text]


def test_a_secret_that_appears_later_is_used(net, said):
    secret = Secret(None)
    connection = net.connect(secret, joined=False)
    wait_for(lambda: secret.asked > 2, "three looks", 5)
    secret.now = net.router.secret
    wait_for(lambda: connection.joined, "the join", 3)
    assert told(said, "off the air") == [
        ("warn", "off the air: no secret yet to join the router with")
    ]


def test_a_secret_that_is_no_secret_is_told_once_in_its_own_words(net, said):
    secret = Secret(BadSetting("LIVETIMING_SHARED_SECRET: expected more"))
    connection = net.connect(secret, joined=False)
    wait_for(lambda: secret.asked > 2, "three looks", 5)
    secret.now = net.router.secret
    wait_for(lambda: connection.joined, "the join", 3)
    assert told(said, "off the air") == [
        ("warn", "off the air: LIVETIMING_SHARED_SECRET: expected more")
    ]


def test_a_wrong_secret_is_told_and_the_right_one_is_used(net, said):
    secret = Secret(WRONG)
    connection = net.connect(secret, joined=False)
    wait_for(lambda: told(said, "refuses our secret"), "the refusal")
    secret.now = net.router.secret
    wait_for(lambda: connection.joined, "the join", 7)
    assert [level for level, _ in told(said, "refuses our secret")] == ["error"]
    assert WRONG not in str(said)


@pytest.mark.reliability
def test_a_wrong_secret_is_told_once_a_change_and_shown_each_five_seconds(net, said):
    secret = Secret(WRONG)
    connection = net.connect(secret, joined=False)
    began = time.monotonic()
    wait_for(lambda: secret.asked == 3, "three tries", 20)
    assert 9 < time.monotonic() - began < 13
    assert len(told(said, "refuses our secret")) == 1
    secret.now = WRONG + "!"
    wait_for(lambda: secret.asked == 5, "two tries", 20)
    assert len(told(said, "refuses our secret")) == 2
    assert not connection.joined


def test_a_viewer_joins_without_a_secret(net, fresh):
    topic = f"livetiming.public.{fresh}"
    viewer, service = net.connect(Secret(None), anonymous=True), net.connect()
    heard = subscribe(net, viewer, topic)
    net.do(service.publish, topic, "for all")
    net.until(lambda: heard, "the event")
    assert heard == [("for all",)]


def test_the_commands_begin_without_autobahn():
    code = """
import sys
from livetiming.cli import main, plugins, rectool, router, service
print([name for name in sys.modules if name.startswith("autobahn")])
"""
    assert python(code) == ("[]\n", "")


def test_what_a_program_prints_and_logs_stays_its_own():
    code = f"""
import random, sys
from twisted.internet import reactor
from twisted.logger import globalLogBeginner
events = []
globalLogBeginner.beginLoggingTo([events.append], redirectStandardIO=False)
from livetiming.network.wamp import connect
connection = connect(reactor, "ws://127.0.0.1:{free_port()}/ws", lambda: "x" * 32, random.Random(1))
def end():
    connection.close().addCallback(lambda _: reactor.stop())
def look():
    reactor.callLater(0, end) if told() else reactor.callLater(0.05, look)
def told():
    return [event for event in events if "off the air" in str(event.get("text"))]
reactor.callWhenRunning(look)
reactor.run()
print("out", len(told()))
print("error", file=sys.stderr)
"""
    assert python(code) == ("out 1\n", "error\n")


def python(code):
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.stdout, ended.stderr
