"""Row 1, the whole service: killed at any moment, started again, nothing lost that was synced."""

import random
import signal
import time

import pytest

from livetiming.errors import LivetimingError
from livetiming.events import SessionId
from livetiming.events.log import RealDisk, Status, open_log, open_reader, verify
from tests.cli.programs import Service
from tests.services.stage import kinds

ID = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
DEMO = ("demo", "--cars", 60, "--lap-s", 20, "--duration-s", 86_400, "--pace", 60)
LONGEST_S = 1.5


def marked(tail):
    """The event lines of a tail that have a mark behind them: those were synced, or just about."""
    text = tail.read_bytes() if tail.exists() else b""
    lines = text[: text.rfind(b'\n{"type":"mark",') + 1].split(b"\n")
    return {_seq(line): line for line in lines if line.startswith(b'{"seq":')}


def _seq(line):
    return int(line[7 : line.index(b",")])


def lines_of(path):
    with open_reader(RealDisk(), path) as reader:
        return [line for line, _ in reader.events()]


def watch(service, dice, seen):
    """Look at the log file, as another process would, until the moment of the kill.

    Three of four kills fall into the writing, and one into the start, of which it is no use to
    have many.
    """
    tail, before = service.state_dir / f"{ID}.jsonl", len(seen)
    writes = dice.random() < 0.75
    until = time.monotonic() + (30 if writes else dice.uniform(0, LONGEST_S))
    while time.monotonic() < until and service.process.poll() is None:
        seen.update(marked(tail))
        if writes and len(seen) > before:
            writes, until = False, time.monotonic() + dice.uniform(0, LONGEST_S)
        time.sleep(0.002)
    service.signal(signal.SIGKILL).ended()


def killed(folder, kills, seed):
    dice = random.Random(seed)
    start = ("--start-at", int(time.time()))
    seen, told, torn = {}, 0, 0
    path = folder / "livetiming-data" / "state" / ID
    for number in range(kills):
        begun = bool(seen)
        goes_on = ("-s", path) if begun else ("--uuid", ID)
        if not begun and path.with_suffix(".jsonl").exists():
            for left in path.parent.iterdir():
                left.unlink()
        with Service(folder, *DEMO, *start, *goes_on) as service:
            watch(service, dice, seen)
            assert service.process.returncode == -signal.SIGKILL, f"{number}: {service.said}"
        if seen:
            found = lines_of(path)
            assert all(found[seq - 1] == line for seq, line in seen.items()), f"kill {number}"
            told = max(told, *seen)
            torn = len(list(path.parent.glob("*.torn-*")))
    return path, seen, told, torn


def check(folder, kills, seed):
    print(f"seed {seed}, {kills} kills")  # noqa: T201 - a figure
    path, seen, told, torn = killed(folder, kills, seed)
    assert len(seen) > kills
    held = path.with_name("demo.main.service")
    assert {each.name[:32] for each in path.parent.iterdir() if each != held} == {ID}
    assert held.exists()
    try:
        open_log(RealDisk(), path.parent, SessionId(ID)).log.close()
    except LivetimingError as error:
        raise AssertionError(f"does not open: {error}") from error
    verdict = verify(RealDisk(), path)
    assert verdict.status is Status.WHOLE
    assert verdict.events >= told
    with open_reader(RealDisk(), path) as reader:
        found = kinds(event for _, event in reader.events())
    assert found.count("closed stopped") == 0
    resumed = found.count("feed resumed")
    print(f"{verdict.events} events, {len(seen)} seen, {resumed} resumed, {torn} torn")  # noqa: T201


def test_a_service_that_is_killed_goes_on_where_it_was_quick(tmp_path):
    check(tmp_path, 5, random.SystemRandom().randrange(10**6))


@pytest.mark.reliability
@pytest.mark.timeout(1200)
def test_a_service_that_is_killed_goes_on_where_it_was(tmp_path):
    check(tmp_path, 100, random.SystemRandom().randrange(10**6))
