"""No single bit of a sealed log can change without verification finding it."""

from random import Random

import pytest

from livetiming.errors import NoLog
from livetiming.events.log import Status, verify
from livetiming.events.log.frames import walk
from tests import six_lines
from tests.events.log import synthetic
from tests.events.log.simulated_disk import SimulatedDisk
from tests.events.log.synthetic import SEALED


class FlippedFile:
    """A file whose bytes can be changed without copying them."""

    def __init__(self, content):
        self.content = bytearray(content)

    def read(self, offset, length):
        return bytes(memoryview(self.content)[offset : offset + length])

    def size(self):
        return len(self.content)

    def close(self):
        pass


class FlippedDisk(SimulatedDisk):
    """A disk with one sealed log."""

    def __init__(self, content):
        super().__init__(Random(0), {SEALED: b""})
        self.file = FlippedFile(content)

    def open(self, path):
        return self.file


def found_by(disk):
    """What verification says; how far into the file it saw the damage."""
    try:
        verdict = verify(disk, SEALED)
    except NoLog:
        return "no log", 0
    return verdict.status, verdict.problem.offset if verdict.problem else None


def flip_all(content):
    """Flip each bit; count the flips, and those that were found in each way."""
    disk, counts = FlippedDisk(content), {}
    assert verify(disk, SEALED).status is Status.WHOLE
    frames = [extent.offset for extent in walk(disk.file)]
    for offset in range(len(content)):
        frame = max(start for start in frames if start <= offset)
        for bit in range(8):
            disk.file.content[offset] ^= 1 << bit
            how, where = found_by(disk)
            disk.file.content[offset] ^= 1 << bit
            assert how is not Status.WHOLE, f"bit {bit} of byte {offset}"
            if how is Status.DAMAGED and frame in frames[:-2]:
                assert where == frame, f"bit {bit} of byte {offset} found at {where}"
            counts[how] = counts.get(how, 0) + 1
    return sum(counts.values()), counts


def big_log():
    """A sealed log of 64 KiB: little in it can be compressed, and few lines are to be folded."""
    lines, count, sealed = synthetic.lines(Random(4), 300, 1_600, step_ms=1), 80, b""
    while len(sealed) < 64 * 1024:
        count += 2
        sealed = synthetic.seal(SimulatedDisk(Random(0)), lines[:count])
    return sealed


@pytest.mark.parametrize(
    ("make", "at_least"),
    [
        pytest.param(
            lambda: synthetic.seal(SimulatedDisk(Random(0)), six_lines.LINES), 7_000, id="six lines"
        ),
        pytest.param(
            big_log,
            524_288,
            id="64 KiB",
            marks=[pytest.mark.reliability, pytest.mark.timeout(1800)],
        ),
    ],
)
def test_every_flip_of_a_bit_of_a_sealed_log_is_found(make, at_least):
    flips, counts = flip_all(make())
    assert flips >= at_least, counts


def test_a_flip_in_any_of_several_frames_is_found_in_that_frame():
    content = synthetic.seal(SimulatedDisk(Random(0)), synthetic.lines(Random(2), 80))
    disk, rng = FlippedDisk(content), Random(3)
    frames = [extent.offset for extent in walk(disk.file)]
    assert len(frames) > 4
    for _ in range(2_000):
        offset, bit = rng.randrange(frames[-2]), rng.randrange(8)
        disk.file.content[offset] ^= 1 << bit
        how, where = found_by(disk)
        disk.file.content[offset] ^= 1 << bit
        assert how is Status.DAMAGED
        assert where == max(start for start in frames if start <= offset), (offset, bit)
