"""What every `Connection` promises: the real one keeps it, and so the simulated one is honest.

A subclass has fixtures `fresh`, a part of a name that is free, and `net`, its world: `connect()`,
`cut(connection)` and `heal(connection)`, `do(function, *args)` for everything that touches a
connection, `begin(connection, procedure, *args)` for a call and `end(…)` for its result, `ask` for
both, `until(check, what)`, `seconds()`, and `settle(*connections)`, after which everything that
those were to hear was heard.
"""

import pytest
from twisted.internet.defer import Deferred

from livetiming.network.connection import CALL_S, CallFailed, Refused
from livetiming.network.names import BUSY, NO_SUCH_PROCEDURE, NOT_JOINED, SESSIONS, TIMEOUT

CANCELED = "wamp.error.canceled"
GONE = (NO_SUCH_PROCEDURE, CANCELED)


class ConnectionContract:
    @pytest.fixture
    def topic(self, fresh):
        return f"livetiming.public.{fresh}"

    @pytest.fixture
    def procedure(self, fresh):
        return f"{SESSIONS}{fresh}.events"

    @pytest.fixture
    def family(self, fresh):
        return f"{SESSIONS}{fresh}."

    # --- topics

    def test_what_one_publishes_the_others_hear(self, net, topic):
        one, other = net.connect(), net.connect()
        heard = subscribe(net, other, topic)
        net.do(one.publish, topic, 1, "two", None, {"three": True})
        net.until(lambda: heard, "the event")
        assert heard == [(1, "two", None, {"three": True})]

    def test_nobody_hears_itself(self, net, topic):
        one, other = net.connect(), net.connect()
        own, others = subscribe(net, one, topic), subscribe(net, other, topic)
        net.do(one.publish, topic, 1)
        net.until(lambda: others, "the event")
        net.settle(one)
        assert own == []

    def test_each_listener_of_one_connection_hears(self, net, topic):
        one, other = net.connect(), net.connect()
        first, second = subscribe(net, other, topic), subscribe(net, other, topic)
        net.do(one.publish, topic, 1)
        net.until(lambda: first and second, "the event, twice")
        net.settle(other)
        assert (first, second) == ([(1,)], [(1,)])

    def test_one_listener_that_stops_leaves_the_other(self, net, topic):
        one, other = net.connect(), net.connect()
        first, second = subscribe(net, other, topic), subscribe(net, other, topic)
        net.do(first.kept.stop)
        net.settle(other)
        net.do(one.publish, topic, 1)
        net.until(lambda: second, "the event")
        assert (first, second) == ([], [(1,)])

    def test_a_listener_that_stops_while_another_begins_leaves_it(self, net, topic):
        one, other = net.connect(), net.connect()
        first = subscribe(net, other, topic)
        second = net.do(lambda: (Listener(other, topic), first.kept.stop())[0])
        net.until(lambda: second.ready, "the subscription")
        net.settle(other)
        net.do(one.publish, topic, 1)
        net.until(lambda: second, "the event")
        assert (first, second) == ([], [(1,)])

    def test_a_listener_may_stop_itself_and_the_next_still_hears(self, net, topic):
        one, other = net.connect(), net.connect()
        first, second = subscribe(net, other, topic), subscribe(net, other, topic)
        first.then = first.stop
        net.do(one.publish, topic, 1)
        net.until(lambda: second, "the first event")
        net.settle(other)
        net.do(one.publish, topic, 2)
        net.until(lambda: len(second) == 2, "the second event")
        assert (first, second) == ([(1,)], [(1,), (2,)])

    def test_one_that_stops_before_it_was_made_hears_nothing(self, net, topic):
        one, other = net.connect(), net.connect()
        early = net.do(lambda: Listener(other, topic).stop())
        later = subscribe(net, other, topic)
        net.do(one.publish, topic, 1)
        net.until(lambda: later, "the event")
        assert (early, early.ready) == ([], 0)

    def test_who_comes_later_hears_what_was_retained_once(self, net, topic):
        one, other = net.connect(), net.connect()
        net.do(lambda: one.publish(topic, "old", retained=True))
        net.settle(one)
        net.do(lambda: one.publish(topic, "new", retained=True))
        net.settle(one)
        first = subscribe(net, other, topic)
        net.until(lambda: first, "what was retained")
        second = subscribe(net, other, topic)
        net.until(lambda: second, "what was retained")
        net.settle(other)
        assert (first, second) == ([("new",)], [("new",)])

    def test_what_was_not_retained_is_gone(self, net, topic):
        one, other = net.connect(), net.connect()
        net.do(one.publish, topic, 1)
        net.settle(one)
        late = subscribe(net, other, topic)
        net.settle(other)
        assert late == []

    def test_a_subscription_is_made_anew_after_a_cut_and_says_so(self, net, topic):
        one, other = net.connect(), net.connect()
        listener = subscribe(net, other, topic)
        net.cut(other)
        net.do(one.publish, topic, "lost")
        net.heal(other)
        net.until(lambda: listener.ready == 2, "the subscription again")
        net.do(one.publish, topic, "heard")
        net.until(lambda: listener, "the event")
        assert listener == [("heard",)]

    def test_what_stops_while_cut_off_is_not_made_anew(self, net, topic, procedure):
        one, other = net.connect(), net.connect()
        listener = subscribe(net, other, topic)
        answering = register(net, one, other, procedure, lambda: 1)
        net.cut(other)
        net.do(listener.kept.stop)
        net.do(answering.stop)
        net.heal(other)
        net.settle(other)
        assert failed(net, one, procedure) == NO_SUCH_PROCEDURE
        net.do(one.publish, topic, 1)
        net.settle(one, other)
        assert (listener, listener.ready) == ([], 1)

    def test_what_is_asked_for_while_cut_off_is_made_at_the_join(self, net, topic, procedure):
        one, other = net.connect(), net.connect()
        net.cut(other)
        listener = net.do(Listener, other, topic)
        net.do(other.register, procedure, lambda: "here")
        net.heal(other)
        net.until(lambda: listener.ready == 1, "the subscription")
        net.until(lambda: answers(net, one, procedure), "the registration")
        assert net.ask(one, procedure) == "here"

    # --- procedures

    def test_a_call_is_answered(self, net, procedure):
        one, other = net.connect(), net.connect()
        register(
            net, one, other, procedure, lambda *args: {"got": dict(zip("abc", args, strict=False))}
        )
        assert net.ask(one, procedure, 1, "two", None) == {"got": {"a": 1, "b": "two", "c": None}}

    def test_an_answer_may_take_a_while(self, net, procedure):
        one, other = net.connect(), net.connect()
        later = Deferred()
        register(net, one, other, procedure, lambda *args: later if args else None)
        asked = net.begin(one, procedure, 1)
        net.settle(one, other)
        net.do(later.callback, "at last")
        assert net.end(asked) == "at last"

    def test_who_asks_itself_gets_its_own_answer(self, net, procedure):
        one = net.connect()
        register(net, one, one, procedure, lambda: "mine")
        assert net.ask(one, procedure) == "mine"

    def test_a_refusal_has_its_name_and_its_words(self, net, procedure):
        one, other = net.connect(), net.connect()

        def refuse(*args):
            if args:
                raise Refused(BUSY, "ask again later")

        register(net, one, other, procedure, refuse)
        with pytest.raises(CallFailed, match="ask again later") as caught:
            net.ask(one, procedure, 1)
        assert caught.value.error == BUSY

    def test_where_nobody_answers_the_caller_is_told(self, net, procedure):
        assert failed(net, net.connect(), procedure) == NO_SUCH_PROCEDURE

    def test_a_call_without_an_answer_ends(self, net, procedure):
        one, other = net.connect(), net.connect()
        register(net, one, other, procedure, lambda *args: Deferred() if args else None)
        began = net.seconds()
        assert failed(net, one, procedure, 1) == TIMEOUT
        assert CALL_S <= net.seconds() - began < CALL_S + 2

    def test_a_prefix_answers_with_the_name_first(self, net, family):
        one, other = net.connect(), net.connect()
        register(net, one, other, family, lambda name, *args: f"{name} {args}", prefix=True)
        assert net.ask(one, f"{family}events", 7) == f"{family}events (7,)"

    def test_the_exact_name_is_preferred_and_given_back(self, net, family):
        one, dvr, service = net.connect(), net.connect(), net.connect()
        name = f"{family}events"
        register(net, one, dvr, family, lambda *args: "dvr", prefix=True)
        exact = net.do(lambda: service.register(name, lambda: "service", shared=True))
        net.until(lambda: answer(net, one, name) == "service", "the service's answer")
        net.do(exact.stop)
        net.until(lambda: answer(net, one, name) == "dvr", "the dvr's answer")

    def test_the_newest_of_several_answers_and_then_the_older_again(self, net, procedure):
        one, older, newer = net.connect(), net.connect(), net.connect()
        register(net, one, older, procedure, lambda: "older", shared=True)
        net.do(lambda: newer.register(procedure, lambda: "newer", shared=True))
        net.until(lambda: answer(net, one, procedure) == "newer", "the newer's answer")
        net.cut(newer)
        net.until(lambda: answer(net, one, procedure) == "older", "the older's answer")

    def test_a_second_that_does_not_share_waits_for_the_first(self, net, procedure):
        one, first, second = net.connect(), net.connect(), net.connect()
        held = register(net, one, first, procedure, lambda: "first")
        net.do(lambda: second.register(procedure, lambda: "second"))
        net.settle(second)
        assert net.ask(one, procedure) == "first"
        net.do(held.stop)
        net.until(lambda: answers(net, one, procedure), "the second's answer")
        assert net.ask(one, procedure) == "second"

    def test_a_procedure_can_be_taken_back_and_answered_anew_at_once(self, net, procedure):
        one, other = net.connect(), net.connect()
        held = register(net, one, other, procedure, lambda: "old", shared=True)

        def replace():
            held.stop()
            other.register(procedure, lambda: "new", shared=True)

        net.do(replace)
        net.until(lambda: answers(net, one, procedure), "an answer")
        assert net.ask(one, procedure) == "new"

    def test_a_registration_is_made_anew_after_a_cut(self, net, procedure):
        one, other = net.connect(), net.connect()
        register(net, one, other, procedure, lambda: "here")
        net.cut(other)
        net.until(lambda: not answers(net, one, procedure), "the loss")
        net.heal(other)
        net.until(lambda: answers(net, one, procedure), "the registration again")

    def test_a_call_under_way_fails_at_once_when_the_caller_is_cut_off(self, net, procedure):
        one, other = net.connect(), net.connect()
        register(net, one, other, procedure, lambda *args: Deferred() if args else None)
        asked = net.begin(one, procedure, 1)
        net.settle(other)
        began = net.seconds()
        net.cut(one)
        with pytest.raises(CallFailed) as caught:
            net.end(asked)
        assert caught.value.error == NOT_JOINED
        assert net.seconds() - began < 1

    def test_a_call_under_way_fails_at_once_when_the_answering_one_is_cut_off(self, net, procedure):
        one, other = net.connect(), net.connect()
        reached = []

        def answer(*args):
            if not args:
                return None
            reached.append(args)
            return Deferred()

        register(net, one, other, procedure, answer)
        asked = net.begin(one, procedure, 1)
        net.until(lambda: reached, "the call")
        began = net.seconds()
        net.cut(other)
        with pytest.raises(CallFailed) as caught:
            net.end(asked)
        assert caught.value.error == CANCELED
        assert net.seconds() - began < 1

    # --- the connection

    def test_while_cut_off_calls_fail_at_once_and_events_are_lost(self, net, topic, procedure):
        one, other = net.connect(), net.connect()
        listener = subscribe(net, other, topic)
        net.cut(one)
        assert not one.joined
        assert failed(net, one, procedure) == NOT_JOINED
        net.do(one.publish, topic, "lost")
        net.heal(one)
        net.until(lambda: one.joined, "the join")
        net.do(one.publish, topic, "heard")
        net.until(lambda: listener, "the event")
        assert listener == [("heard",)]

    def test_each_join_is_told_and_one_that_was_already(self, net):
        one = net.connect()
        told = []
        net.do(one.on_join, lambda: told.append(one.joined))
        net.until(lambda: told == [True], "the join that was")
        net.cut(one)
        net.heal(one)
        net.until(lambda: told == [True, True], "the next join")


class Listener(list):
    """What a subscription heard, and how often it was made."""

    def __init__(self, connection, topic):
        super().__init__()
        self.ready = 0
        self.then = None
        self.kept = connection.subscribe(topic, self._hear, self._count)

    def _count(self):
        self.ready += 1

    def _hear(self, *args):
        self.append(args)
        if self.then is not None:
            self.then()

    def stop(self):
        self.kept.stop()
        return self


def subscribe(net, connection, topic):
    listener = net.do(Listener, connection, topic)
    net.until(lambda: listener.ready, f"the subscription to {topic}")
    return listener


def register(net, caller, callee, procedure, answer, *, prefix=False, shared=False):
    """Register, and see it answer a call without arguments."""
    kept = net.do(lambda: callee.register(procedure, answer, prefix=prefix, shared=shared))
    name = f"{procedure}any" if prefix else procedure
    net.until(lambda: answers(net, caller, name), f"the registration of {procedure}")
    return kept


def answer(net, connection, procedure):
    """What is answered, or the error while nobody does; callers then ask again."""
    try:
        return net.ask(connection, procedure)
    except CallFailed as error:
        if error.error not in GONE:
            raise
        return error.error


def answers(net, connection, procedure):
    return answer(net, connection, procedure) not in GONE


def failed(net, connection, procedure, *args):
    with pytest.raises(CallFailed) as caught:
        net.ask(connection, procedure, *args)
    return caught.value.error
