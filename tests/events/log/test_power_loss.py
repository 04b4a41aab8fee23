"""After a loss of power, at any moment, with any part of what was not synced: nothing that was
committed is lost, every log opens, and what is cut off is kept."""

import contextlib
from dataclasses import dataclass, field
from random import Random

import pytest

from livetiming.events.log import Status, open_log, verify
from livetiming.events.log.frames import open_frame
from tests.events.log import synthetic
from tests.events.log.simulated_disk import PowerLoss, SimulatedDisk
from tests.events.log.synthetic import BODY, FOLDER, SEALED, SESSION, TAIL

GROUPS = 12
MOST_CALLS = 150
"""Changing calls in a run, more or less: where the power may go."""


@dataclass
class Told:
    """What a writer's users know when the power goes."""

    appended: list[bytes] = field(default_factory=list)
    committed: int = 0
    sealed: int = 0


def write(disk, rng, told, groups=GROUPS, length=20):
    """Open the log, append to it, go away and come back, seal it."""
    log = None

    for _ in range(groups):
        if log is None:
            log = open_log(disk, FOLDER, SESSION).log
            told.appended = synthetic.read_lines(disk, TAIL) if log.place.seq else []
            assert len(told.appended) >= told.committed
            told.committed = len(told.appended)
        told.appended += synthetic.append_some(log, rng, rng.randrange(1, 4), length)
        for _ in synthetic.commit_all(log):
            told.committed += 1
        if rng.random() < 0.1:
            log.close()
            log = None
        if rng.random() < 0.1 and told.appended:
            synthetic.write_sealed(disk, told.appended)
            told.sealed = len(told.appended)
    if log is not None:
        log.close()


def run_until_power_loss(disk, rng, told):
    with contextlib.suppress(PowerLoss):
        write(disk, rng, told)


def check_recovered(disk, told, was):
    """Check a log that was opened again after a loss of power."""
    found = synthetic.read_lines(disk, TAIL) if told.committed or disk.names[TAIL].seen else []
    assert found == told.appended[: len(found)], "a line that nobody appended"
    assert len(found) >= told.committed, f"lost {told.committed - len(found)} committed lines"
    if found:
        assert verify(disk, TAIL).status is Status.WHOLE
    check_kept(disk, was)


def check_kept(disk, was):
    """What stood at the end of a file, and no longer does, is in a file beside it or in the log."""
    files = disk.read_all()
    torn = [content for path, content in files.items() if ".torn-" in path.name]
    before, after = was.get(TAIL, b""), files[TAIL]
    rest = before[len(after) :] if before.startswith(after) else before
    assert not rest or rest in torn or before in torn
    before, after = was.get(BODY, b""), files.get(BODY, b"")
    assert before.startswith(after)
    cut = before[len(after) :]
    assert not cut or cut in torn or lines_of(cut) <= set(files[TAIL].splitlines())


def lines_of(frame):
    return set(open_frame(frame).splitlines())


def check_sealed(disk, told):
    """An old or a new sealed log stands under the final name, or none if there was none."""
    if SEALED in disk.names:
        assert verify(disk, SEALED).status is Status.WHOLE
        found = synthetic.read_lines(disk, SEALED)
        assert found == told.appended[: len(found)]
        assert len(found) >= told.sealed, "an older sealed log"
    else:
        assert not told.sealed, "a sealed log is gone"


def one_power_loss(seed):
    """Lose the power at some moment of a run, and some times more while the log is mended."""
    rng = Random(seed)
    disk, told = SimulatedDisk(rng), Told()
    disk.power_lost_at = rng.randrange(1, MOST_CALLS)
    run_until_power_loss(disk, rng, told)
    while True:
        if rng.random() < 0.2:
            disk.kill()
            disk.power_lost_at = -1
        else:
            disk = disk.after_power_loss(rng)
        if rng.random() < 0.5:
            disk.power_lost_at = disk.changing_calls + rng.randrange(1, 14)
        was = disk.read_all()
        try:
            log = open_log(disk, FOLDER, SESSION).log
        except PowerLoss:
            continue
        break
    disk.power_lost_at = -1
    check_recovered(disk, told, was)
    check_sealed(disk, told)
    go_on(disk, rng, log)


def go_on(disk, rng, log):
    before = synthetic.read_lines(disk, TAIL) if log.place.seq else []
    synthetic.append_some(log, rng, 3)
    more = list(synthetic.commit_all(log))
    log.close()
    assert synthetic.read_lines(disk, TAIL) == before + more


@pytest.mark.parametrize(
    "seeds",
    [
        pytest.param(range(500), id="500 states"),
        pytest.param(
            range(1_000_000, 1_010_000),
            id="10,000 states",
            marks=[pytest.mark.reliability, pytest.mark.timeout(900)],
        ),
    ],
)
def test_no_committed_line_is_lost_with_the_power(seeds):
    for seed in seeds:
        try:
            one_power_loss(seed)
        except Exception as error:
            raise AssertionError(f"one_power_loss({seed}): {error!r}") from error


def all_power_losses(seed, call):
    """Lose the power at a call, and open each disk that can be found then; count them."""
    rng = Random(seed)
    disk, told = SimulatedDisk(rng), Told()
    disk.power_lost_at = call
    with contextlib.suppress(PowerLoss):
        write(disk, rng, told, groups=5)
    if disk.dirty_sectors() > 3:
        return 0
    count = 0
    for files in disk.all_after_power_loss():
        found = SimulatedDisk(Random(seed), files)
        log = open_log(found, FOLDER, SESSION).log
        check_recovered(found, told, files)
        check_sealed(found, told)
        log.close()
        count += 1
    return count


@pytest.mark.parametrize(
    ("seeds", "at_least"),
    [
        pytest.param(range(3), 500, id="some"),
        pytest.param(
            range(3, 60),
            10_000,
            id="many",
            marks=[pytest.mark.reliability, pytest.mark.timeout(900)],
        ),
    ],
)
def test_every_state_of_three_sectors_or_less_opens(seeds, at_least):
    count = 0
    for seed in seeds:
        for call in range(1, 60):
            try:
                count += all_power_losses(seed, call)
            except Exception as error:
                raise AssertionError(f"all_power_losses({seed}, {call}): {error!r}") from error
    assert count >= at_least


def test_a_log_is_opened_though_the_power_went_while_it_was_made():
    for seed in range(200):
        for call in range(1, 8):
            rng = Random(seed)
            disk = SimulatedDisk(rng)
            disk.power_lost_at = call
            with contextlib.suppress(PowerLoss):
                write(disk, rng, Told(), groups=1, length=200)
            found = disk.after_power_loss(rng)
            assert open_log(found, FOLDER, SESSION).log.place.seq < 5


def test_a_log_whose_first_event_was_torn_begins_anew_with_the_next():
    disk = SimulatedDisk(Random(0))
    log = open_log(disk, FOLDER, SESSION).log
    log.append(synthetic.DESCRIBED, synthetic.START_AT)
    list(synthetic.commit_all(log))
    text = bytes(disk.names[TAIL].seen)
    cut = text.index(b"\n") + 9
    disk = SimulatedDisk(Random(0), {TAIL: text[:cut]})
    opened = open_log(disk, FOLDER, SESSION)
    assert [bytes(disk.names[path].seen) for path in opened.kept] == [text[:cut]]
    opened.log.append(synthetic.DESCRIBED, synthetic.START_AT + 50)
    list(synthetic.commit_all(opened.log))
    assert b'"seq":0,"at":%d,' % (synthetic.START_AT + 50) in disk.names[TAIL].seen
    assert verify(disk, TAIL).status is Status.WHOLE
