"""What happens to a connection, and how soon it is back."""

import os
import signal
import time
from contextlib import contextmanager

import pytest
from twisted.internet.defer import Deferred

from livetiming.network.connection import CallFailed
from livetiming.network.names import NOT_JOINED
from livetiming.network.wamp.connecting import PING_S
from tests.cli.programs import wait_for
from tests.network.connection_contract import Listener, answers, register, subscribe
from tests.network.cutting import Cut
from tests.network.running import RunningRouter, in_reactor, running_router
from tests.network.wamp.conftest import RealNet

QUICK_PING_S = 0.5
NOTICED_S = 20.0
"""What is promised for a half-open connection."""


def until(check, what, patience_s):
    """Seconds until it is so."""
    began = time.monotonic()
    wait_for(check, what, patience_s)
    return time.monotonic() - began


class TestARouterThatIsKilled:
    def test_is_joined_again_within_two_seconds_and_all_is_made_anew(self, net, router, fresh):
        topic, procedure = f"livetiming.public.{fresh}", f"livetiming.rpc.session.{fresh}.events"
        one, other = net.connect(), net.connect()
        listener = subscribe(net, other, topic)
        register(net, one, other, procedure, lambda *args: Deferred() if args else None)
        under_way = net.begin(one, procedure, 1)
        times = router.said.count("listening on")
        began = time.monotonic()
        router.kill()
        with pytest.raises(CallFailed) as caught:
            net.end(under_way)
        assert caught.value.error == NOT_JOINED
        assert time.monotonic() - began < 2
        router.restarted(times)
        back_s = until(lambda: one.joined and other.joined, "the joins", 2)
        assert back_s <= 2
        net.until(lambda: listener.ready == 2, "the subscription")
        net.until(lambda: answers(net, one, procedure), "the registration")
        net.do(one.publish, topic, 1)
        net.until(lambda: listener, "the event")


@pytest.mark.reliability
class TestARouterThatIsEnded:
    def test_is_missed_until_the_next_one_listens(self, net, tmp_path, said):
        with running_router(tmp_path / "one") as first:
            connection = RealNet(first).connect_straight()
        wait_for(lambda: not connection.joined, "the loss", 1)
        second = RunningRouter(tmp_path / "other", listen=f"127.0.0.1:{first.port}")
        second.http = first.http
        try:
            second.listening()
            back_s = until(lambda: connection.joined, "the join", 2)
            in_reactor(connection.close)
        finally:
            second.end()
        assert back_s <= 2
        assert [text for level, _, text in said if level in {"error", "critical"}] == []


class TestANetworkThatSwallows:
    def notice(self, net, ping_s):
        connection = net.connect(ping_s=ping_s)
        net.cut(connection, Cut.SWALLOW)
        asked = in_reactor(lambda: [connection.call("livetiming.rpc.nobody")])
        noticed_s = until(lambda: not connection.joined, "the loss", NOTICED_S)
        with pytest.raises(CallFailed):
            net.end(asked)
        net.heal(connection)
        until(lambda: connection.joined, "the join", 10)
        return noticed_s

    def test_is_noticed_by_a_ping(self, net):
        assert self.notice(net, QUICK_PING_S) < 2 * QUICK_PING_S + 1

    @pytest.mark.reliability
    def test_is_noticed_within_twenty_seconds(self, net):
        assert self.notice(net, PING_S) < 2 * PING_S + 2 <= NOTICED_S

    def test_for_a_moment_loses_nothing(self, net, fresh):
        topic = f"livetiming.public.{fresh}"
        one, other = net.connect(), net.connect()
        listener = subscribe(net, other, topic)
        net.cut(other, Cut.SWALLOW, seconds=0.3)
        net.do(one.publish, topic, 1)
        net.until(lambda: listener, "the event")
        assert listener.ready == 1

    def test_from_the_start_is_tried_again(self, net):
        secrets = [None]
        connection = net.connect(lambda: secrets[-1], joined=False)
        net.cut(connection, Cut.SWALLOW)
        secrets.append(net.router.secret)
        wait_for(lambda: net.cutter(connection).carried == 2, "a second try", 15)
        net.heal(connection)
        wait_for(lambda: connection.joined, "the join")


class TestARouterThatIsFrozen:
    @contextmanager
    def frozen(self, router):
        worker = router.crossbar_pids()[-1]
        os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(worker, signal.SIGCONT)

    def notice(self, net, router, ping_s):
        connection = net.connect(ping_s=ping_s)
        with self.frozen(router):
            noticed_s = until(lambda: not connection.joined, "the loss", NOTICED_S)
        until(lambda: connection.joined, "the join", 15)
        return noticed_s

    def test_is_noticed_by_a_ping(self, net, router):
        assert self.notice(net, router, QUICK_PING_S) < 2 * QUICK_PING_S + 1

    @pytest.mark.reliability
    def test_is_noticed_within_twenty_seconds(self, net, router):
        assert self.notice(net, router, PING_S) < 2 * PING_S + 2 <= NOTICED_S


class TestANetworkThatIsCut:
    @pytest.mark.parametrize("how", [Cut.DROP, Cut.HALF_CLOSE])
    def test_is_joined_again_at_once(self, net, fresh, how):
        connection = net.connect()
        listener = subscribe(net, connection, f"livetiming.public.{fresh}")
        net.cut(connection, how)
        assert until(lambda: listener.ready == 2, "the subscription again", 5) < 2

    @pytest.mark.parametrize("times", [8, pytest.param(50, marks=pytest.mark.reliability)])
    def test_many_times_is_joined_as_often(self, net, fresh, times):
        """The delay begins anew after each join: no cut is paid for by the ones before."""
        connection = net.connect()
        listener = subscribe(net, connection, f"livetiming.public.{fresh}")
        for cut in range(1, times + 1):
            net.cut(connection, Cut.DROP)
            until(lambda cut=cut: listener.ready == cut + 1, f"the join after cut {cut}", 2)

    def test_that_refuses_is_asked_at_least_each_two_seconds(self, net, said):
        connection = net.connect()
        net.cut(connection, Cut.REFUSE, seconds=4)
        until(lambda: not connection.joined, "the loss", 2)
        assert until(lambda: connection.joined, "the join", 7) < 6.5
        words = [text for _, name, text in said if "network.wamp" in name]
        assert [text.split(":")[0] for text in words if "off the air" in text] == ["off the air"]


class TestWhatIsRefused:
    def test_is_asked_for_again_and_complained_about_once(self, net, said):
        viewer = net.connect(anonymous=True)
        asked = net.do(Listener, viewer, "livetiming.internal.announce")
        net.until(lambda: [text for _, _, text in said if "not_authorized" in text], "a complaint")
        net.settle(viewer)
        assert asked.ready == 0
        assert viewer.joined
