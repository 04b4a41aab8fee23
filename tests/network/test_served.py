"""The durable part of a log, as its holder answers for it."""

from functools import reduce
from itertools import accumulate
from random import Random

import pytest

from livetiming.errors import BadArgument, LogError
from livetiming.events import state_hash
from livetiming.events.log import Instant, Seq, open_log, open_reader
from livetiming.events.log.fold import TIMING
from livetiming.events.log.folded import at_snapshot
from livetiming.events.log.lines import GENESIS, link
from livetiming.network import served as served_module
from livetiming.network.served import Served, answer_from, read_moment
from livetiming.network.wire import MAX_ANSWER, MAX_LINES
from tests.events.log.simulated_disk import SimulatedDisk
from tests.events.log.synthetic import FOLDER, SESSION, TAIL, append_some, commit_all


class Grown:
    """A log that grows while it is served."""

    def __init__(self, seed=1, groups=40, length=20, *, reopened=False):
        self.rng = Random(seed)
        self.disk = SimulatedDisk(Random(seed))
        self.log = open_log(self.disk, FOLDER, SESSION).log
        self.served = Served(self.disk, TAIL, self.log)
        self.lines = []
        for number in range(groups):
            if reopened and number == groups // 2:
                self.log.close()
                self.log = open_log(self.disk, FOLDER, SESSION).log
                self.served = Served(self.disk, TAIL, self.log)
            self.grow(length)
        self.chains = list(accumulate(self.lines, link, initial=GENESIS))

    def grow(self, length=20):
        self.lines += append_some(self.log, self.rng, self.rng.randint(1, 20), length)
        for line in commit_all(self.log):
            self.served.add(line + b"\n")


@pytest.fixture(params=["small memory", "large memory", "opened again"])
def grown(request, monkeypatch):
    if request.param == "small memory":
        monkeypatch.setattr(served_module, "KEPT_LINES", 50)
    return Grown(reopened=request.param == "opened again")


def test_lines_are_answered_as_they_stand_in_the_log_whoever_is_asked(grown):
    rng, count = Random(2), len(grown.lines)
    assert count > 200
    for _ in range(300):
        first, limit = rng.randint(1, count + 5), rng.choice([1, 2, 10, 500, 10**6])
        answer = grown.served.answer(first, limit)
        start = min(first, count + 1)
        assert answer.from_seq == start
        assert answer.next_seq == count + 1
        assert answer.chain == grown.chains[start - 1]
        assert answer.lines == tuple(grown.lines[start - 1 :][: min(limit, MAX_LINES)])
        assert answer.writer == grown.served.state.writer
        assert answer_from(grown.disk, TAIL, first, limit) == answer


def test_the_chain_after_every_line_is_known_and_after_no_other(grown):
    count = len(grown.lines)
    for seq in range(count + 1):
        assert grown.served.chain_after(seq) == grown.chains[seq]
    assert grown.served.chain_after(count + 1) is None
    assert grown.served.chain_after(-1) is None


def test_what_is_served_is_folded_as_the_log_is(grown):
    assert grown.served.place == grown.log.place
    assert state_hash(grown.served.state) == state_hash(grown.log.state)
    assert grown.served.state is not grown.log.state


def test_a_snapshot_of_any_moment_is_the_log_s_own(grown):
    rng, end = Random(3), grown.served.place
    with open_reader(grown.disk, TAIL) as reader:
        for _ in range(60):
            moment = rng.choice([Seq(rng.randint(0, end.seq + 9)), Instant(rng.randint(0, end.at))])
            found = at_snapshot(grown.served.snapshot(moment), TIMING)
            wanted = reader.at(moment)
            assert (found.seq, found.chain) == (wanted.seq, wanted.chain)
            assert state_hash(found.state) == state_hash(wanted.state)
    assert grown.served.snapshot(None) == grown.served.snapshot(Seq(10**9))
    assert grown.served.snapshot(None) == grown.served.snapshot(Instant(10**15))


def test_lines_that_are_in_the_log_but_not_durable_yet_are_nowhere(grown):
    before = grown.served.place
    append_some(grown.log, grown.rng, 5)
    assert grown.served.place == before
    assert grown.served.answer(before.seq, 500).lines == (grown.lines[-1],)
    assert grown.served.answer(before.seq + 1, 500).lines == ()
    assert grown.served.chain_after(before.seq + 1) is None
    assert at_snapshot(grown.served.snapshot(None), TIMING).seq == before.seq


@pytest.mark.parametrize("kept", [5, 2000])
def test_an_answer_is_never_too_big_and_never_empty_where_there_is_a_line(kept, monkeypatch):
    monkeypatch.setattr(served_module, "KEPT_LINES", kept)
    grown = Grown(groups=60, length=3000)
    assert sum(map(len, grown.lines)) > 2 * MAX_ANSWER
    got, asked = [], 0
    while len(got) < len(grown.lines):
        answer = grown.served.answer(len(got) + 1, 500)
        assert answer == answer_from(grown.disk, TAIL, len(got) + 1, 500)
        assert answer.lines
        assert sum(len(line) + 1 for line in answer.lines) <= MAX_ANSWER
        assert (
            reduce(link, answer.lines, answer.chain) == grown.chains[len(got) + len(answer.lines)]
        )
        got += answer.lines
        asked += 1
    assert got == grown.lines
    assert asked < 20


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(served_module, "KEPT_SIZE", 10_000)
    grown = Grown()
    assert sum(len(line) for _, line in grown.served._lines) <= 10_000
    assert grown.served._size == sum(len(line) for _, line in grown.served._lines)


@pytest.mark.parametrize("number", [0, -1, 1.5, "1", None, True, [], {}], ids=repr)
def test_what_is_no_number_of_lines_is_refused(number):
    grown = Grown(groups=2)
    for ask in (grown.served.answer, lambda *args: answer_from(grown.disk, TAIL, *args)):
        for args in ((number, 5), (5, number)):
            with pytest.raises(BadArgument):
                ask(*args)


def test_a_disk_that_does_not_give_lines_is_an_error_of_the_log(monkeypatch):
    monkeypatch.setattr(served_module, "KEPT_LINES", 5)
    grown = Grown()
    grown.disk.failing = range(10**9)
    for ask in (
        lambda: grown.served.answer(1, 5),
        lambda: grown.served.chain_after(1),
        lambda: grown.served.snapshot(Seq(1)),
        lambda: answer_from(grown.disk, TAIL, 1, 5),
    ):
        with pytest.raises(LogError):
            ask()
    assert grown.served.answer(len(grown.lines), 5).lines == (grown.lines[-1],)


def test_an_empty_log_answers_that_it_is_empty():
    served = Grown(groups=0).served
    answer = served.answer(1, 5)
    assert (answer.from_seq, answer.next_seq, answer.lines, answer.writer) == (1, 1, (), 0)
    assert answer.chain == GENESIS
    assert served.chain_after(0) == GENESIS


MOMENTS = [
    (None, None),
    ({"seq": 3}, Seq(3)),
    ({"seq": -3}, Seq(0)),
    ({"at": 3}, Instant(3)),
    ({"at": -3}, Instant(0)),
]


@pytest.mark.parametrize(("when", "moment"), MOMENTS, ids=repr)
def test_a_moment_is_now_a_number_or_an_instant(when, moment):
    assert read_moment(when) == moment


NO_MOMENTS = [1, "now", [], {}, {"seq": "1"}, {"seq": True}, {"seq": 1.5}, {"at": None}]
NO_MOMENTS += [{"seq": 1, "at": 1}, {"seq": 1, "x": 1}, {"at": True}, {"x": 1}, True]


@pytest.mark.parametrize("when", NO_MOMENTS, ids=repr)
def test_any_other_moment_is_refused(when):
    with pytest.raises(BadArgument):
        read_moment(when)
