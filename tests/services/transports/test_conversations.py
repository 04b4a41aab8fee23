"""The pure parts, given anything: they go on or break off, and nothing else."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livetiming.services.transports import Subscription
from livetiming.services.transports.classic_signalr import ClassicConversation
from livetiming.services.transports.conversation import Answer, Breach, Record
from livetiming.services.transports.ddp_conversation import DdpConversation
from livetiming.services.transports.signalr_core import SignalRConversation
from livetiming.services.transports.sock_js import OverSockJs

KEYS = st.sampled_from(
    [
        "type",
        "error",
        "invocationId",
        "result",
        "allowReconnect",
        "msg",
        "id",
        "version",
        "session",
        "S",
        "D",
        "T",
        "E",
        "I",
        "M",
        "C",
        "R",
    ]
)
WORDS = st.sampled_from(["connected", "failed", "ping", "nosub", "0", "1", "pre2", ""])
SCALARS = st.none() | st.booleans() | st.integers(-1, 9) | st.floats() | WORDS | st.text()
VALUES = st.recursive(
    SCALARS, lambda some: st.lists(some, max_size=3) | st.dictionaries(KEYS, some, max_size=3)
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)
LIKELY = OBJECTS.map(json.dumps)
FRAMED = st.lists(LIKELY, max_size=3).map(lambda some: "a" + json.dumps(some))
PIECES = st.text("\x1eoahcm[]{}\"',1:\\") | st.text() | st.binary()
MESSAGES = st.lists(LIKELY | LIKELY.map("{}\x1e".format) | FRAMED | PIECES, max_size=9)


def conversations():
    ddp = lambda: DdpConversation([Subscription("a")], lambda _: [Subscription("b", (1,))], "1")  # noqa: E731
    yield SignalRConversation("Subscribe", [], 999), ["{}\x1e"]
    yield ClassicConversation("Subscribe"), ['{"S":1}']
    yield ddp(), ['{"msg":"connected"}']
    yield OverSockJs(ddp()), ["o", 'a["{\\"msg\\":\\"connected\\"}"]']


@given(MESSAGES, st.booleans())
def test_whatever_comes_a_conversation_goes_on_or_breaks_off(messages, settled):
    for conversation, greeting in conversations():
        list(conversation.begin())
        with suppress(Breach):
            for message in [*(greeting if settled else []), *messages]:
                for said in conversation.hear(message):
                    assert isinstance(said, Record | Answer)
                    assert isinstance(said.data, str | bytes)


def test_what_comes_before_a_break_is_delivered():
    conversation = SignalRConversation("Subscribe", [], 999)
    said = conversation.hear('{}\x1e{"type":1}\x1e{"type":7}\x1e{"type":1}\x1e')
    call = Answer('{"type":1,"invocationId":"0","target":"Subscribe","arguments":[]}\x1e')
    assert [next(said) for _ in range(3)] == [call, Record('{"type":1}'), Record('{"type":7}')]
    with pytest.raises(Breach, match="closed the connection"):
        next(said)
