"""Following a file that another program writes."""

import pytest
from twisted.internet.defer import ensureDeferred
from twisted.internet.task import Clock

from livetiming.errors import FeedError
from livetiming.services.transports.file_lines import POLL_S, FileLines


class Follower:
    def __init__(self, path, **options):
        self.clock = Clock()
        self.lines = []
        self.transport = FileLines(path, **options)
        self.run()

    def run(self):
        self.running = ensureDeferred(
            self.transport.run(self.clock, lambda channel, line: self.lines.append(line))
        )

    def polled(self):
        for _ in range(20):
            self.clock.advance(POLL_S)
        taken, self.lines = self.lines, []
        return taken


def test_lines_are_delivered_as_the_file_grows(tmp_path):
    path = tmp_path / "feed"
    path.write_bytes(b"one\ntw")
    follower = Follower(path)
    assert follower.polled() == [b"one"]
    with path.open("ab") as file:
        file.write(b"o\r\nthree\n")
    assert follower.polled() == [b"two\r", b"three"]
    assert follower.polled() == []
    assert not follower.running.called


def test_a_file_that_was_emptied_is_read_from_its_start(tmp_path):
    path = tmp_path / "feed"
    path.write_bytes(b"one\ntwo\nthr")
    follower = Follower(path)
    assert follower.polled() == [b"one", b"two"]
    path.write_bytes(b"new\n")
    assert follower.polled() == [b"new"]


def test_a_file_in_place_of_the_old_one_is_read_from_its_start(tmp_path):
    path = tmp_path / "feed"
    path.write_bytes(b"one\nha")
    follower = Follower(path)
    assert follower.polled() == [b"one"]
    (tmp_path / "next").write_bytes(b"longer than before\nlf\n")
    (tmp_path / "next").replace(path)
    assert follower.polled() == [b"longer than before", b"lf"]


def test_a_big_file_comes_in_pieces(tmp_path):
    path = tmp_path / "feed"
    path.write_bytes(b"".join(b"line %d\n" % n for n in range(100_000)))
    follower = Follower(path)
    assert 0 < len(follower.lines) < 100_000
    assert follower.polled() == [b"line %d" % n for n in range(100_000)]


def test_a_missing_file_fails_and_is_read_once_it_is_there(tmp_path):
    path = tmp_path / "feed"
    follower = Follower(path)
    error = follower.running.addErrback(lambda failure: failure.value).result
    assert isinstance(error, FeedError)
    assert str(error) == f"{path}: cannot be read: No such file or directory"
    path.write_bytes(b"one\n")
    follower.run()
    assert follower.polled() == [b"one"]


def test_a_run_after_a_break_goes_on_where_it_was(tmp_path):
    path = tmp_path / "feed"
    path.write_bytes(b"one\ntw")
    follower = Follower(path)
    assert follower.polled() == [b"one"]
    away = tmp_path / "away"
    path.rename(away)
    follower.running.addErrback(lambda failure: None)
    assert follower.polled() == []
    away.rename(path)
    with path.open("ab") as file:
        file.write(b"o\n")
    follower.run()
    assert follower.polled() == [b"two"]


ENDS = {
    b"one\ntwo": [b"one", b"two"],
    b"one\n": [b"one"],
    b"": [],
    b"a\n\nb": [b"a", b"", b"b"],
}


@pytest.mark.parametrize("text", ENDS)
def test_a_file_that_is_not_followed_ends_with_its_last_line(tmp_path, text):
    path = tmp_path / "feed"
    path.write_bytes(text)
    follower = Follower(path, follow=False)
    assert follower.polled() == ENDS[text]
    assert follower.running.called
