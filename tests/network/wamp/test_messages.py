"""No message of ours and no fault of a listener's ends the connection."""

import pytest
from twisted.internet.defer import Deferred, fail

from livetiming.network.connection import CallFailed
from livetiming.network.wamp.errors import RUNTIME_ERROR
from livetiming.network.wamp.sendable import INVALID_PAYLOAD, MAX_BYTES, TOO_LARGE
from tests.network.connection_contract import answers, failed, register, subscribe


class Fault(Exception):
    pass


@pytest.fixture
def topic(fresh):
    return f"livetiming.public.{fresh}"


@pytest.fixture
def procedure(fresh):
    return f"livetiming.rpc.session.{fresh}.events"


@pytest.fixture
def pair(net):
    """Two connections, which are the same ones to the end."""
    joins = []
    pair = net.connect(), net.connect()
    for connection in pair:
        net.do(connection.on_join, lambda: joins.append(1))
    net.until(lambda: len(joins) == 2, "the joins that were")
    yield pair
    assert len(joins) == 2


def logged(said, word):
    return [text for level, _, text in said if level in {"error", "critical"} and word in text]


def test_a_message_as_large_as_allowed_arrives(net, pair, topic, procedure):
    one, other = pair
    heard = subscribe(net, other, topic)
    largest = "é" * (MAX_BYTES // 2 - 10)
    net.do(one.publish, topic, largest)
    net.until(lambda: heard, "the event")
    register(net, one, other, procedure, lambda *args: largest if args else None)
    assert net.ask(one, procedure, 1) == heard[0][0] == largest


def test_a_larger_one_is_not_published_and_logged(net, pair, topic, said):
    one, other = pair
    heard = subscribe(net, other, topic)
    net.do(one.publish, topic, {"text": "é" * (MAX_BYTES // 2)}, "rest")
    net.do(one.publish, topic, "next")
    net.until(lambda: heard, "the event")
    assert heard == [("next",)]
    assert len(logged(said, f"{topic}: cannot publish: {TOO_LARGE}: 700008 bytes")) == 1


UNWRITABLE = pytest.mark.parametrize(
    "value", [object(), b"bytes", {"half a pair": "\ud800"}], ids=["object", "bytes", "text"]
)


@UNWRITABLE
def test_what_cannot_be_written_is_not_published_and_logged(net, pair, topic, said, value):
    one, other = pair
    heard = subscribe(net, other, topic)
    net.do(one.publish, topic, value)
    net.do(one.publish, topic, "next")
    net.until(lambda: heard, "the event")
    assert heard == [("next",)]
    assert len(logged(said, f"{topic}: cannot publish")) == 1


def test_a_question_that_is_too_large_fails(net, pair, procedure):
    assert failed(net, pair[0], procedure, "x" * (MAX_BYTES + 1)) == TOO_LARGE


def test_a_topic_that_is_none_is_logged(net, pair, said):
    net.do(pair[0].publish, "no topic..", 1)
    assert len(logged(said, "no topic..: cannot publish")) == 1


@UNWRITABLE
def test_a_question_that_cannot_be_written_fails(net, pair, procedure, value):
    assert failed(net, pair[0], procedure, value) == INVALID_PAYLOAD


def test_an_answer_that_is_too_large_fails_and_is_logged(net, pair, procedure, said):
    one, other = pair
    register(net, one, other, procedure, lambda *args: "x" * (MAX_BYTES + 1) if args else None)
    assert failed(net, one, procedure, 1) == TOO_LARGE
    assert len(logged(said, f"{procedure}: cannot answer")) == 1
    assert answers(net, one, procedure)


@UNWRITABLE
def test_an_answer_that_cannot_be_written_fails_and_is_logged(net, pair, procedure, said, value):
    one, other = pair
    register(net, one, other, procedure, lambda *args: value if args else None)
    assert failed(net, one, procedure, 1) == INVALID_PAYLOAD
    assert len(logged(said, f"{procedure}: cannot answer")) == 1
    assert answers(net, one, procedure)


def raising():
    raise Fault("of ours")


async def raising_later():
    raise Fault("of ours")


FAULTS = pytest.mark.parametrize(
    "fault", [raising, raising_later, lambda: fail(Fault("of ours"))], ids=["now", "async", "later"]
)


@FAULTS
def test_a_listener_that_fails_is_logged_by_its_topic_and_hears_the_next(
    net, pair, topic, said, fault
):
    one, other = pair
    heard = []

    def take(number):
        heard.append(number)
        return fault()

    ready = []
    net.do(lambda: other.subscribe(topic, take, lambda: ready.append(1)))
    net.until(lambda: ready, "the subscription")
    net.do(one.publish, topic, 1)
    net.do(one.publish, topic, 2)
    net.until(lambda: heard == [1, 2], "the events")
    assert logged(said, topic) == [f"{topic}: of ours"] * 2


def test_a_message_of_the_wrong_shape_is_logged_and_the_next_one_heard(net, pair, topic, said):
    one, other = pair
    heard, ready = [], []
    net.do(lambda: other.subscribe(topic, lambda a, b: heard.append(a), lambda: ready.append(1)))
    net.until(lambda: ready, "the subscription")
    net.do(one.publish, topic, 1)
    net.do(one.publish, topic, 1, 2)
    net.until(lambda: heard, "the event")
    assert len(logged(said, topic)) == 1


@FAULTS
def test_an_answer_that_fails_is_logged_and_the_caller_learns_only_that(
    net, pair, procedure, said, fault
):
    one, other = pair
    register(net, one, other, procedure, lambda *args: fault() if args else None)
    with pytest.raises(CallFailed) as caught:
        net.ask(one, procedure, 1)
    assert str(caught.value) == caught.value.error == RUNTIME_ERROR
    assert logged(said, procedure) == [f"{procedure}: of ours"]
    assert answers(net, one, procedure)


def test_an_answer_may_be_a_coroutine(net, pair, procedure):
    async def answer():
        return "awaited"

    one, other = pair
    register(net, one, other, procedure, answer)
    assert net.ask(one, procedure) == "awaited"


def test_whoever_is_told_of_a_join_or_a_subscription_and_fails_is_logged(net, topic, said):
    one, other = net.connect(), net.connect()
    heard = []
    net.do(lambda: other.subscribe(topic, heard.append, raising))
    net.do(other.on_join, raising)
    net.until(lambda: len(logged(said, "of ours")) == 2, "both in the log")
    net.settle(other)
    net.do(one.publish, topic, "heard")
    net.until(lambda: heard, "the event")


def test_an_answer_that_comes_after_the_connection_went_is_dropped(net, procedure, said):
    one, other = net.connect(), net.connect()
    later, asked = Deferred(), []

    def answer(*args):
        asked.extend(args)
        return later if args else None

    register(net, one, other, procedure, answer)
    call = net.begin(one, procedure, 1)
    net.until(lambda: asked, "the call")
    net.cut(other)
    with pytest.raises(CallFailed):
        net.end(call)
    net.do(later.callback, "too late")
    net.heal(other)
    net.until(lambda: answers(net, one, procedure), "the registration again")
    assert [text for level, _, text in said if level in {"error", "critical"}] == []
