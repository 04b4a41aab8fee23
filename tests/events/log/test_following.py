from contextlib import closing
from pathlib import Path

import pytest

from livetiming.errors import LogDamaged, NoLog
from livetiming.events.log import RealDisk, open_log
from livetiming.events.log.following import Follower
from tests import six_lines
from tests.cli import race

HAPPENINGS = list(race.happenings(8, 6))


class CountingDisk(RealDisk):
    """Counts the bytes that are read."""

    def __init__(self):
        self.read = 0

    def open(self, path):
        disk, file = self, super().open(path)
        inner = file.read

        def read(offset, length):
            data = inner(offset, length)
            disk.read += len(data)
            return data

        file.read = read
        return file


@pytest.fixture
def log(tmp_path):
    with closing(open_log(RealDisk(), tmp_path, race.SESSION).log) as log:
        yield log


def tail(folder: Path) -> Path:
    return folder / f"{race.SESSION}.jsonl"


def seqs(events):
    return [event.seq for event in events]


def test_each_poll_gives_what_is_new(tmp_path, log):
    race.write(log, HAPPENINGS[:3])
    follower = Follower(RealDisk(), tail(tmp_path))
    assert follower.folded.place == log.place
    assert follower.poll() == []
    race.write(log, HAPPENINGS[3:5])
    assert seqs(follower.poll()) == [4, 5]
    assert follower.poll() == []
    assert follower.folded.place == log.place


def test_rolls_lose_nothing_and_give_nothing_twice(tmp_path, log):
    race.write(log, HAPPENINGS[:1])
    follower = Follower(RealDisk(), tail(tmp_path))
    found = []
    for one in HAPPENINGS[1:]:
        race.write(log, [one])
        found += seqs(follower.poll())
    assert (tmp_path / f"{race.SESSION}.jsonl.zst").exists()
    assert found == list(range(2, len(HAPPENINGS) + 1))
    assert follower.folded.place == log.place


@pytest.mark.parametrize("step", [2, 50, 299, 310, 700])
def test_whoever_looks_seldom_gets_all_of_it(tmp_path, log, step):
    race.write(log, HAPPENINGS[:1])
    follower = Follower(RealDisk(), tail(tmp_path))
    found = []
    for start in range(1, len(HAPPENINGS), step):
        race.write(log, HAPPENINGS[start : start + step])
        found += seqs(follower.poll())
    found += seqs(follower.poll())
    assert found == list(range(2, len(HAPPENINGS) + 1))


def test_a_look_reads_only_what_is_new(tmp_path, log):
    race.write(log, HAPPENINGS[:290])
    disk = CountingDisk()
    follower = Follower(disk, tail(tmp_path))
    follower.poll()
    before = disk.read
    follower.poll()
    assert disk.read - before <= 256
    race.write(log, HAPPENINGS[290:291])
    follower.poll()
    assert disk.read - before < 2000


def test_half_a_group_is_not_there_yet(tmp_path):
    path = tmp_path / f"{six_lines.SESSION}.jsonl"
    ends = [n + 1 for n, byte in enumerate(six_lines.TAIL) if byte == 10]
    path.write_bytes(six_lines.TAIL[: ends[2]])
    follower = Follower(RealDisk(), path)
    follower.poll()
    found = []
    for end in range(ends[2], len(six_lines.TAIL) + 1):
        path.write_bytes(six_lines.TAIL[:end])
        found += [(end, seq) for seq in seqs(follower.poll())]
    marks = [n for n in ends if six_lines.TAIL[:n].splitlines()[-1].startswith(b'{"type":"mark"')]
    assert found == [(marks[1], 2), (marks[2], 3), (marks[2], 4), (marks[2], 5), (marks[3], 6)]


def test_the_moment_between_emptying_the_tail_and_its_new_start_is_no_news(tmp_path, log):
    race.write(log, HAPPENINGS[:310])
    follower = Follower(RealDisk(), tail(tmp_path))
    follower.poll()
    data = tail(tmp_path).read_bytes()
    for cut in (0, 10, 200):
        tail(tmp_path).write_bytes(data[:cut])
        assert follower.poll() == []
    tail(tmp_path).write_bytes(data)
    assert follower.poll() == []
    assert not follower.gone


def test_files_that_were_taken_away_are_the_end(tmp_path, log):
    race.write(log, HAPPENINGS[:5])
    follower = Follower(RealDisk(), tail(tmp_path))
    tail(tmp_path).unlink()
    assert follower.poll() == []
    assert follower.gone
    assert follower.folded.seq == 5


def test_another_history_is_told(tmp_path):
    path = tmp_path / f"{six_lines.SESSION}.jsonl"
    path.write_bytes(six_lines.TAIL)
    follower = Follower(RealDisk(), path)
    path.write_bytes(b"".join(six_lines.TAIL.splitlines(keepends=True)[:3]))
    with pytest.raises(LogDamaged, match="event 6 is not here"):
        follower.poll()


def test_a_line_that_was_changed_is_told(tmp_path, log):
    race.write(log, HAPPENINGS[:5])
    follower = Follower(RealDisk(), tail(tmp_path))
    follower.poll()
    race.write(log, HAPPENINGS[5:8])
    data = tail(tmp_path).read_bytes()
    tail(tmp_path).write_bytes(data.replace(b'"seq":7,', b'"seq":8,'))
    with pytest.raises(LogDamaged):
        follower.poll()


def test_there_must_be_a_log(tmp_path):
    with pytest.raises(NoLog):
        Follower(RealDisk(), tail(tmp_path))
