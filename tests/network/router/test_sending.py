from types import SimpleNamespace

import pytest
from twisted.internet.task import Clock

from livetiming.network.router.byte_range import Span
from livetiming.network.router.sending import CHUNK, STALL_S, Sending

SIZE = 3 * CHUNK + 1


class Reader:
    """A request whose reader takes a chunk when it is told to."""

    def __init__(self):
        self.calls = []
        self.got = b""
        self.transport = SimpleNamespace(abortConnection=lambda: self.calls.append("abort"))

    def registerProducer(self, producer, streaming):  # noqa: N802 - Twisted's word
        assert not streaming
        self.producer = producer

    def unregisterProducer(self):  # noqa: N802 - Twisted's word
        self.calls.append("unregister")

    def write(self, data):
        self.got += data

    def finish(self):
        self.calls.append("finish")

    def take(self):
        self.producer.resumeProducing()


@pytest.fixture
def file(tmp_path):
    (tmp_path / "file").write_bytes(bytes(range(256)) * (SIZE // 256 + 1))
    with (tmp_path / "file").open("rb") as opened:
        yield opened


def start(file, span):
    reader, clock = Reader(), Clock()
    Sending(reader, file, span, clock).start()
    return reader, clock


def test_it_sends_the_span_in_chunks_and_finishes(file):
    reader, clock = start(file, Span(5, SIZE))
    for _ in range(3):
        assert reader.calls == []
        reader.take()
    file_bytes = bytes(range(256)) * (SIZE // 256 + 1)
    assert reader.got == file_bytes[5:SIZE]
    assert reader.calls == ["unregister", "finish"]
    assert (file.closed, clock.getDelayedCalls()) == (True, [])


def test_a_reader_who_takes_nothing_for_a_minute_is_hung_up_on(file):
    reader, clock = start(file, Span(0, SIZE))
    clock.advance(STALL_S - 1)
    reader.take()
    clock.advance(STALL_S - 1)
    assert reader.calls == []
    clock.advance(1)
    assert (reader.calls, file.closed) == (["abort"], True)
    reader.take()
    assert len(reader.got) == CHUNK


def test_a_reader_who_went_away_is_waited_for_no_longer(file):
    reader, clock = start(file, Span(0, SIZE))
    reader.producer.stopProducing()
    assert (file.closed, clock.getDelayedCalls()) == (True, [])


def test_a_file_that_became_shorter_ends_the_connection(file, tmp_path):
    reader, _ = start(file, Span(0, SIZE))
    reader.take()
    with (tmp_path / "file").open("r+b") as other:
        other.truncate(CHUNK)
    reader.take()
    assert (reader.calls, file.closed) == (["abort"], True)
