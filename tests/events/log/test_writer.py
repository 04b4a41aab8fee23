"""The writer takes what may stand in a log, and nothing else changes it."""

from pathlib import Path
from random import Random

import pytest

from livetiming.errors import BadValue, LogFailed, LogLocked, NoLog
from livetiming.events import (
    Changed,
    Closed,
    CloseReason,
    Feed,
    FeedStatus,
    Posted,
    SessionId,
    state_hash,
)
from livetiming.events.log import Folded, RealDisk, Status, number, open_log, verify
from livetiming.events.log.lines import MAX_STATE
from livetiming.events.log.writer import ROLL_MS, ROLL_SIZE
from livetiming.events.model import Origin
from livetiming.events.state import as_json
from tests.events.log import synthetic
from tests.events.log.simulated_disk import SimulatedDisk
from tests.events.log.synthetic import (
    BODY,
    DESCRIBED,
    FOLDER,
    SESSION,
    START_AT,
    TAIL,
    commit_all,
    read_lines,
)


@pytest.fixture
def disk():
    return SimulatedDisk(Random(0))


@pytest.fixture
def log(disk):
    log = open_log(disk, FOLDER, SESSION).log
    log.append(DESCRIBED, START_AT)
    log.append(Changed({"7": {"num": "007"}, "8": {}}, (), (0, ("7", "8"))), START_AT)
    return log


MISFITS = {
    "a car that was not there leaves": Changed(removed=("9",)),
    "a car leaves twice": Changed(removed=("7", "7")),
    "a new car without a place": Changed({"9": {"num": "9"}}),
    "an order without one of the cars": Changed(order=(0, ("7", "7"))),
    "an order with a stranger": Changed(order=(0, ("7", "9"))),
    "an order from behind the last car": Changed(order=(3, ("7",))),
    "nothing": Changed(),
    "text that is none": Posted(category="\0", text="a", origin=Origin.DERIVED),
    "too much": Changed({"7": {f"c{n}": "x" * 256 for n in range(300)}}),
}


@pytest.mark.parametrize("what", MISFITS)
def test_a_misfit_is_refused_and_leaves_the_log_as_it_was(what, log, disk):
    before = log.place, state_hash(log.state)
    with pytest.raises(BadValue):
        log.append(MISFITS[what], START_AT)
    assert (log.place, state_hash(log.state)) == before
    log.append(Changed({"7": {"laps": 1}}), START_AT)
    list(commit_all(log))
    assert verify(disk, TAIL).status is Status.WHOLE


@pytest.mark.parametrize("number", [-1, 2**53, -(2**53), 10**30, 1.5, True, "1"])
def test_an_instant_that_no_reader_takes_is_refused(log, disk, number):
    for at, source_at in ((number, None), (START_AT, number)):
        with pytest.raises(BadValue, match="at: expected an integer"):
            log.append(Feed(FeedStatus.LIVE), at, source_at)
    log.append(Feed(FeedStatus.LIVE), 2**53 - 1, 2**53 - 1)
    list(commit_all(log))
    assert verify(disk, TAIL).status is Status.WHOLE


def _fill(log, size):
    for car in log.state.order:
        for column in range(1, 60):
            log.append(Changed({car: {f"c{column}": "\u6f22" * 256}}), START_AT)
            if len(as_json(log.state)) > size:
                return


def test_a_big_state_does_not_make_each_event_end_a_tail(disk):
    log = open_log(disk, FOLDER, SESSION).log
    cars = tuple(str(n) for n in range(20))
    log.append(Changed({car: {} for car in cars}, order=(0, cars)), START_AT)
    _fill(log, 300_000)
    list(commit_all(log))
    log.close()
    log = open_log(disk, FOLDER, SESSION).log
    rolls = 0
    for n in range(100):
        log.append(Changed({"1": {"laps": n}}), START_AT)
        group = log.take()
        log.commit(group)
        rolls += group.roll is not None
    assert rolls <= 1
    assert verify(disk, TAIL).status is Status.WHOLE


def test_a_state_that_no_snapshot_can_hold_is_refused_in_every_log():
    folded = Folded(SESSION)
    cars = tuple(str(n) for n in range(20))

    def add(payload):
        event, line = number(folded, payload, START_AT, None)
        folded.take(event, line)

    add(Changed({car: {} for car in cars}, order=(0, cars)))
    with pytest.raises(BadValue, match="state"):  # noqa: PT012
        for n in range(2000):
            add(Changed({cars[n % 20]: {f"c{n // 20}": "\u6f22" * 256}}))
    assert 500_000 < len(as_json(folded.state)) <= MAX_STATE
    folded.snapshot()


def test_an_instant_that_jumps_back_never_decreases_at(disk):
    log = open_log(disk, FOLDER, SESSION).log
    jumps = [0, 3_600_000, -3_600_000, 500, -START_AT, 7_200_000, 1]
    ats = [
        log.append(synthetic.payload(Random(n), log.state), START_AT + jump).at
        for n, jump in enumerate(jumps)
    ]
    assert ats == sorted(ats)
    assert ats == [START_AT + jump for jump in (0, *[3_600_000] * 4, *[7_200_000] * 2)]
    list(commit_all(log))
    log.close()
    again = open_log(disk, FOLDER, SESSION).log
    assert again.append(Feed(FeedStatus.LOST), 5).at == ats[-1]
    assert verify(disk, TAIL).status is Status.WHOLE


def test_only_a_description_or_a_resumption_follows_closed(log):
    log.append(Closed(CloseReason.FINISHED), START_AT)
    with pytest.raises(BadValue):
        log.append(Feed(FeedStatus.LIVE), START_AT)
    log.append(DESCRIBED, START_AT)
    log.append(synthetic.resumed(START_AT + 5), START_AT)
    log.append(Feed(FeedStatus.LIVE), START_AT)


def test_five_minutes_end_a_tail(disk, log):
    log.append(Changed({"7": {"laps": 1}}), START_AT + ROLL_MS - 1)
    list(commit_all(log))
    assert BODY not in disk.names
    log.append(Changed({"7": {"laps": 2}}), START_AT + ROLL_MS)
    list(commit_all(log))
    assert disk.names[TAIL].seen.count(b"\n") == 1
    assert len(read_lines(disk, TAIL)) == 4


def test_a_quarter_of_a_mebibyte_ends_a_tail(disk):
    log, size = open_log(disk, FOLDER, SESSION).log, 0
    while BODY not in disk.names:
        log.append(synthetic.payload(Random(size), log.state, 250), START_AT)
        list(commit_all(log))
        size = max(size, len(disk.names[TAIL].seen))
    assert abs(size - ROLL_SIZE) < ROLL_SIZE / 4
    assert verify(disk, TAIL).status is Status.WHOLE


def test_a_group_is_one_write_one_sync_and_one_mark(disk, log):
    list(commit_all(log))
    before = disk.changing_calls
    synthetic.append_some(log, Random(1), 1)
    log.append(Feed(FeedStatus.LIVE), START_AT)
    group = log.take()
    log.commit(group)
    assert disk.changing_calls - before == 2
    assert group.text.count(b'{"type":"mark"') == 1
    assert (group.first_seq, group.last_seq) == (3, 4)
    assert log.take() is None


def test_a_second_writer_is_told_that_the_log_is_locked(disk, log, tmp_path):
    with pytest.raises(LogLocked):
        open_log(disk, FOLDER, SESSION)
    log.close()
    open_log(disk, FOLDER, SESSION).log.close()
    first = open_log(RealDisk(), tmp_path, SESSION).log
    with pytest.raises(LogLocked):
        open_log(RealDisk(), tmp_path, SESSION)
    first.close()
    open_log(RealDisk(), tmp_path, SESSION).log.close()


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path):
    with pytest.raises(LogFailed, match="No such file or directory"):
        open_log(RealDisk(), tmp_path / "nowhere", SESSION)


def test_the_log_of_another_session_is_left_alone(disk):
    synthetic.write_log(disk, Random(1), 3)
    other = "0" * 31 + "1"
    disk.names[FOLDER / f"{other}.jsonl"] = disk.names[TAIL]
    before = disk.read_all()
    with pytest.raises(NoLog):
        open_log(disk, FOLDER, SessionId(other))
    assert {path: text for path, text in disk.read_all().items() if path in before} == before


def test_a_real_file_is_written_over_in_place(tmp_path):
    file = RealDisk().append(Path(tmp_path / "a"))
    file.write(b"abcdef")
    file.rewrite(2, b"XY")
    file.write(b"g")
    assert file.read(0, 99) == b"abXYefg"
    file.close()
