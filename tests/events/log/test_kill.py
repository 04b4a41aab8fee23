"""A writer that is killed loses nothing that it said was durable, and its log always opens."""

import subprocess
import sys
from random import Random

import pytest

from livetiming.events.log import RealDisk, Status, open_log, open_reader, verify
from tests.events.log.synthetic import SESSION

ROLLS_ARE_SLOW = 60
"""After so many kills a log is put away, so that reading all of it does not take all the time."""


def start_killing(folder):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.events.log.writer_process", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def a_life(number, rng):
    """Each fourth writer is killed at any moment from its birth on, while it opens the log too; the
    others once they have told a durable event, which takes as long as the machine is busy.
    """
    return f"birth {rng.uniform(0, 0.08)}" if number % 4 == 3 else f"told {rng.uniform(0, 0.08)}"


def kill_once(killer, folder, rng, number, lines):
    """Let a writer live for a moment; give the lines of the log, which begin with those before."""
    killer.stdin.write(f"{rng.randrange(10**9)} {a_life(number, rng)}\n")
    killer.stdin.flush()
    answer = killer.stdout.readline().strip()
    assert answer.isdigit(), answer
    log = open_log(RealDisk(), folder, SESSION).log
    log.close()
    path = folder / f"{SESSION}.jsonl"
    with open_reader(RealDisk(), path) as reader:
        found = [line for line, _ in reader.events()] if log.place.seq else []
    assert len(found) >= max(int(answer), len(lines)), "a durable line is lost"
    assert found[: len(lines)] == lines, "a line is another one now"
    assert verify(RealDisk(), path).status is Status.WHOLE
    return found, int(answer)


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(20, id="20 kills"),
        pytest.param(
            900, id="900 kills", marks=[pytest.mark.reliability, pytest.mark.timeout(1800)]
        ),
    ],
)
def test_a_killed_writer_loses_no_durable_line(kills, tmp_path):
    rng, told, rolled = Random(kills), 0, 0
    for start in range(0, kills, ROLLS_ARE_SLOW):
        folder = tmp_path / str(start)
        folder.mkdir()
        lines = []
        with start_killing(folder) as killer:
            for number in range(start, min(kills, start + ROLLS_ARE_SLOW)):
                try:
                    lines, answer = kill_once(killer, folder, rng, number, lines)
                except Exception as error:
                    raise AssertionError(f"kill {number} of {kills}: {error!r}") from error
                told += answer > 0
            killer.stdin.close()
        rolled += (folder / f"{SESSION}.jsonl.zst").exists()
    assert told >= kills * 3 / 4, "writers that told a durable event are not known to have"
    assert rolled, "no tail was ever rolled"
