"""A connection that is closed is left in order, whatever it is doing."""

import os
import signal
import time

from livetiming.network.names import NOT_JOINED
from livetiming.network.wamp.session import LEAVE_S
from tests.cli.programs import wait_for
from tests.network.connection_contract import answers, failed, register, subscribe
from tests.network.cutting import Cut


def close(net, connection):
    """Close it; the seconds that it took."""
    began = time.monotonic()
    net.do(connection.close)
    return time.monotonic() - began


def test_what_was_published_before_arrives(net, fresh):
    one, other = net.connect(), net.connect()
    heard = subscribe(net, other, f"livetiming.public.{fresh}")

    def say_and_close():
        for number in range(200):
            one.publish(f"livetiming.public.{fresh}", number, "x" * 1000)
        return one.close()

    net.do(say_and_close)
    net.until(lambda: len(heard) == 200, "all of it")


def test_its_names_are_free_at_once(net, fresh):
    one, other, third = net.connect(), net.connect(), net.connect()
    procedure = f"livetiming.rpc.session.{fresh}.events"
    register(net, third, one, procedure, lambda: "one")
    close(net, one)
    net.do(lambda: other.register(procedure, lambda: "other"))
    wait_for(lambda: answers(net, third, procedure), "the other's answer", 0.9)
    assert net.ask(third, procedure) == "other"


def test_afterwards_it_does_nothing_and_stays_away(net, fresh):
    one, other = net.connect(), net.connect()
    own = subscribe(net, one, f"livetiming.public.{fresh}")
    joins = []
    net.do(one.on_join, lambda: joins.append(1))
    carried = net.cutter(one).carried
    assert close(net, one) < 1
    assert not one.joined
    assert failed(net, one, "livetiming.rpc.any") == NOT_JOINED
    net.do(one.publish, f"livetiming.public.{fresh}", 1)
    net.do(other.publish, f"livetiming.public.{fresh}", 2)
    net.settle(other)
    own.kept.stop()
    assert close(net, one) < 0.1
    assert (own, net.cutter(one).carried) == ([], carried)


def test_one_that_never_joined_is_closed_at_once(net):
    away = net.connect(lambda: None, joined=False)
    assert close(net, away) < 0.5
    refused = net.connect(joined=False)
    net.cut(refused)
    assert close(net, refused) < 0.5


def test_one_that_hears_nothing_is_closed_all_the_same(net):
    silent = net.connect()
    net.cut(silent, Cut.SWALLOW)
    assert LEAVE_S <= close(net, silent) < LEAVE_S + 1


def test_one_that_is_about_to_join_a_frozen_router_is_closed_at_once(net, router):
    worker = router.crossbar_pids()[-1]
    os.kill(worker, signal.SIGSTOP)
    try:
        waiting = net.connect(joined=False)
        wait_for(lambda: net.cutter(waiting).carried == 1, "a connection")
        assert close(net, waiting) < 0.5
    finally:
        os.kill(worker, signal.SIGCONT)
