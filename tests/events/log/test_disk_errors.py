"""Whatever the disk refuses, once or from then on: a clear error, no torn middle, nothing lost."""

import contextlib
import re
import subprocess
import sys
from random import Random

import pytest

from livetiming.errors import LogError
from livetiming.events.log import RealDisk, Seq, Status, open_log, open_reader, verify
from tests.events.log import synthetic
from tests.events.log.simulated_disk import SimulatedDisk
from tests.events.log.synthetic import FOLDER, SEALED, SESSION, TAIL
from tests.events.log.test_power_loss import Told, check_sealed

GROUPS = 12
REASON = re.compile(r"^/.+: .*(cannot be (opened|written|read|removed): \w|failed before)")


def write(disk, seed, told):
    """Create, append, roll by time, seal, reopen; note what was committed."""
    rng = Random(seed)
    log = open_log(disk, FOLDER, SESSION).log
    try:
        told.appended = synthetic.read_lines(disk, TAIL) if log.place.seq else []
        assert len(told.appended) >= told.committed, "a committed line is lost"
        told.committed = len(told.appended)
        for _ in range(GROUPS):
            told.appended += synthetic.append_some(log, rng, rng.randrange(1, 3), 100)
            told.committed += len(list(synthetic.commit_all(log)))
        synthetic.write_sealed(disk, told.appended)
        told.sealed = len(told.appended)
        with open_reader(disk, TAIL) as reader:
            assert len(list(reader.events())) == told.committed
            reader.at(Seq(told.committed // 2))
        assert verify(disk, SEALED).status is Status.WHOLE
    finally:
        log.close()


def one_failure(seed, call, *, for_good, power_loss):
    """Let one call fail; give what failed, or nothing where there are fewer calls."""
    rng = Random(seed * 1_000_003 + call)
    disk, told = SimulatedDisk(rng), Told()
    disk.failing = range(call, 10**9 if for_good else call + 1)
    check_error(disk, seed, told)
    failed = list(disk.failed)
    disk.heal()
    assert not disk.locked, "the lock outlives its writer"
    if power_loss:
        disk = disk.after_power_loss(rng)
    with contextlib.suppress(KeyError):
        del disk.names[SEALED.with_name(SEALED.name + ".part")]
    check_sealed(disk, told)
    write(disk, seed, told)
    assert synthetic.read_lines(disk, TAIL) == told.appended
    assert verify(disk, TAIL).status is Status.WHOLE
    check_sealed(disk, told)
    return failed


def check_error(disk, seed, told):
    said = None
    try:
        write(disk, seed, told)
    except LogError as error:
        said = error
    assert said is None or REASON.match(str(said)), str(said)
    assert said is None or said.path.parent in (FOLDER, SEALED.parent)


@pytest.mark.parametrize("for_good", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("power_loss", [False, True], ids=["then well again", "then power loss"])
@pytest.mark.parametrize(
    "seeds",
    [
        pytest.param(range(3), id="3 runs"),
        pytest.param(
            range(3, 33), id="30 runs", marks=[pytest.mark.reliability, pytest.mark.timeout(900)]
        ),
    ],
)
def test_whichever_call_fails_nothing_committed_is_lost(seeds, for_good, power_loss):
    kinds, count = set(), 0
    for seed in seeds:
        for call in range(1, 10**6):
            try:
                failed = one_failure(seed, call, for_good=for_good, power_loss=power_loss)
            except Exception as error:
                raise AssertionError(
                    f"one_failure({seed}, {call}, {for_good=}, {power_loss=}): {error!r}"
                ) from error
            if not failed:
                break
            kinds.update(failed[:1])
            count += 1
    assert count > 60 * len(seeds)
    assert kinds >= {"open", "append", "lock", "exists", "read", "write", "sync", "rename"}


@pytest.mark.parametrize(
    ("what", "limit"), [("RLIMIT_FSIZE", 100_000), ("RLIMIT_FSIZE", 20_000), ("RLIMIT_NOFILE", 0)]
)
def test_a_real_limit_of_the_system_is_a_clear_error_and_the_log_goes_on_after_it(
    what, limit, tmp_path
):
    run = subprocess.run(
        [sys.executable, "-m", "tests.events.log.limited_process", str(tmp_path), what, str(limit)],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    said = [line.split() for line in run.stdout.splitlines()]
    committed = [int(line[1]) for line in said if line[0] == "committed"]
    assert re.search("failed /.*(File too large|Too many open files)", run.stdout)
    path = tmp_path / f"{SESSION}.jsonl"
    lines = synthetic.read_lines(RealDisk(), path)
    assert said[-1] == ["well", str(len(lines))]
    assert len(lines) > max(committed, default=0)
    assert verify(RealDisk(), path).status is Status.WHOLE
