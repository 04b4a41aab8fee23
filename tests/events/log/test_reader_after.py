"""The lines of a log after a place in it."""

import pytest

from livetiming.errors import LogDamaged
from livetiming.events.log import Folded, RealDisk, Seq, open_reader
from livetiming.events.state import canonical
from tests.cli import race


@pytest.fixture(scope="module", params=["growing", "sealed"])
def log(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("log")
    tail = race.grow(folder, race.happenings(8))
    path = tail if request.param == "growing" else race.seal(tail, folder / "s.jsonl.zst")
    with open_reader(RealDisk(), path) as reader:
        yield reader


def test_they_are_what_a_whole_reading_gives_from_there_on(log):
    everything = list(log.events())
    for seq in (0, 1, 2, 299, 300, 301, 310, 316, 617, 618):
        folded = log.at(Seq(seq))
        assert list(log.after(folded)) == everything[seq:]
        assert folded.place == log.last().place
        assert canonical(folded.state) == canonical(log.last().state)


@pytest.mark.parametrize("seq", [5, 400])
def test_a_place_of_another_history_is_told(log, seq):
    folded = log.at(Seq(seq))
    other = Folded(folded.session, folded.state, folded.place._replace(chain=b"otherone"))
    with pytest.raises(LogDamaged, match=f"event {seq} is not here"):
        next(log.after(other))


def test_a_place_behind_the_end_is_told(log):
    last = log.last()
    beyond = Folded(last.session, last.state, last.place._replace(seq=last.seq + 3))
    with pytest.raises(LogDamaged):
        next(log.after(beyond))
