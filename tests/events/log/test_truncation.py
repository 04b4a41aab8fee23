"""Every prefix of a log is a log: cut at each byte, it is whole up to there."""

from random import Random

import pytest

from livetiming.errors import NoLog
from livetiming.events.log import Status, open_log, open_reader, verify
from livetiming.events.log.frames import ZSTD_MAGIC, open_frame, walk
from tests.events.log import synthetic
from tests.events.log.simulated_disk import SimulatedDisk
from tests.events.log.synthetic import BODY, FOLDER, SEALED, SESSION, START_AT, TAIL

SIZES = [
    pytest.param(40 * 1024, id="40 KB"),
    pytest.param(
        256 * 1024, id="256 KB", marks=[pytest.mark.reliability, pytest.mark.timeout(1800)]
    ),
]

FRAMES = [
    pytest.param(15, id="some frames"),
    pytest.param(60, id="many frames", marks=[pytest.mark.reliability, pytest.mark.timeout(1800)]),
]


def disk_with(path, content):
    return SimulatedDisk(Random(0), {path: content})


def a_tail(size):
    """A tail of so many bytes; in long lines, since each is decoded at each cut."""
    disk, rng, long = SimulatedDisk(Random(0)), Random(size), size // 20
    log = open_log(disk, FOLDER, SESSION).log
    while len(disk.names[TAIL].seen) < size - 2 * long:
        log.append(synthetic.payload(rng, log.state), START_AT)
        if log.state.cars:
            log.append(synthetic.cells_change(rng, log.state, long), START_AT)
        list(synthetic.commit_all(log))
    return bytes(disk.names[TAIL].seen)


def read(disk, path):
    with open_reader(disk, path) as reader:
        return [line for line, _ in reader.events()], bool(reader.torn)


def check_cut(path, content, size, ends):
    """Cut a file of frames, and compare what can be read with what was before the cut."""
    disk = disk_with(path, content[:size])
    end = max((end for end in ends if end <= size), default=None)
    if end is None:
        with pytest.raises(NoLog):
            verify(disk, path)
        return
    whole = size == len(content) and path == SEALED
    verdict = verify(disk, path)
    assert verdict.status is (Status.WHOLE if whole else Status.TORN)
    assert verdict.events == len(ends[end])
    if size % 97 == 0 or size in ends:
        assert read(disk, path) == (ends[end], not whole)


@pytest.mark.parametrize("size", SIZES)
def test_every_whole_line_before_the_cut_of_a_tail_survives(size):
    text = a_tail(size)
    assert abs(size - len(text)) < size / 4
    first = text.index(b"\n") + 1
    for cut in range(len(text) + 1):
        if cut < first:
            with pytest.raises(NoLog):
                verify(disk_with(TAIL, text[:cut]), TAIL)
            continue
        whole_lines = text[:cut].rfind(b"\n") + 1
        check_cut_tail(text, cut, _events(text[:whole_lines]), whole=cut == whole_lines)


def check_cut_tail(text, cut, lines, *, whole):
    disk = disk_with(TAIL, text[:cut])
    with open_reader(disk, TAIL) as reader:
        assert reader._parts.read(0).lines == lines, cut
        assert bool(reader.torn) != whole, cut
    if whole or cut % 97 == 0:
        assert verify(disk, TAIL).status is (Status.WHOLE if whole else Status.TORN), cut
        assert read(disk, TAIL) == (lines, not whole)
        opened = open_log(disk, FOLDER, SESSION)
        assert opened.log.place.seq == len(lines)
        assert bool(opened.kept) != (whole and bool(lines))
        opened.log.append(synthetic.payload(Random(cut), opened.log.state), START_AT)
        list(synthetic.commit_all(opened.log))
        assert verify(disk, TAIL).status is Status.WHOLE


def _events(text):
    return [line for line in text.split(b"\n") if line.startswith(b'{"seq"')]


def _frames(content):
    """Where each frame of lines ends, and the lines up to there."""
    found, lines = {}, []
    for extent in walk(disk_with(BODY, content).open(BODY)):
        if extent.magic == ZSTD_MAGIC:
            end = extent.offset + extent.length
            lines = lines + _events(open_frame(content[extent.offset : end]))
            found[end] = lines
    return found


@pytest.mark.parametrize("groups", FRAMES)
def test_every_whole_frame_before_the_cut_of_a_body_survives(groups):
    disk = SimulatedDisk(Random(0))
    synthetic.write_log(disk, Random(1), groups, length=60)
    text = bytes(disk.names[BODY].seen)
    ends = _frames(text)
    assert len(ends) > 2
    for cut in range(len(text)):
        check_cut(BODY, text, cut, ends)


@pytest.mark.parametrize("groups", FRAMES)
def test_every_whole_frame_before_the_cut_of_a_sealed_log_survives(groups):
    disk = SimulatedDisk(Random(0))
    text = synthetic.seal(disk, synthetic.lines(Random(1), 3 * groups, length=60))
    ends = _frames(text)
    assert len(ends) > 2
    for cut in range(len(text) + 1):
        check_cut(SEALED, text, cut, ends)
