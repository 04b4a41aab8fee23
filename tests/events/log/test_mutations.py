"""What was changed in the middle of a log is found and located, and never repaired away."""

from random import Random

import pytest

from livetiming.errors import LogError
from livetiming.events.log import Status, open_log, open_reader, verify
from livetiming.events.log.frames import walk
from tests.events.log import synthetic
from tests.events.log.simulated_disk import SimulatedDisk
from tests.events.log.synthetic import BODY, FOLDER, SEALED, SESSION, START_AT, TAIL

COUNT = [
    pytest.param(100, id="100"),
    pytest.param(1_000, id="1,000", marks=[pytest.mark.reliability, pytest.mark.timeout(900)]),
]


def flip(text, start, end, rng):
    place = rng.randrange(start, end)
    return text[:place] + bytes([text[place] ^ 1 << rng.randrange(8)]) + text[place + 1 :]


def zero(text, start, end, rng):
    first, last = sorted(rng.sample(range(start, end), 2))
    last = min(last, first + 1 + rng.randrange(600))
    return text[:first] + bytes(last - first) + text[last:]


def delete(text, start, end, rng):
    first, last = sorted(rng.sample(range(start, end), 2))
    return text[:first] + text[last:]


def duplicate(text, start, end, rng):
    first, last = sorted(rng.sample(range(start, end), 2))
    return text[:last] + text[first:last] + text[last:]


def swap(text, start, end, rng):
    a, b, c, d = sorted(rng.sample(range(start, end), 4))
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def delete_lines(text, start, end, rng):
    lines, first, last = _lines(text, start, end, rng, 2)
    return b"".join(lines[:first] + lines[last:])


def duplicate_lines(text, start, end, rng):
    lines, first, last = _lines(text, start, end, rng, 2)
    return b"".join(lines[:last] + lines[first:])


def swap_lines(text, start, end, rng):
    lines, first, last = _lines(text, start, end, rng, 2)
    lines[first], lines[last] = lines[last], lines[first]
    return b"".join(lines)


def _lines(text, start, end, rng, count):
    lines = text.splitlines(keepends=True)
    low, high = text[:start].count(b"\n"), text[:end].count(b"\n")
    return lines, *sorted(rng.sample(range(low, high), count))


ANYWHERE = [flip, zero, delete, duplicate, swap]
BY_LINE = [delete_lines, duplicate_lines, swap_lines]


def a_log():
    """A body of several frames, and a tail of several groups behind it."""
    disk, rng = SimulatedDisk(Random(0)), Random(11)
    synthetic.write_log(disk, rng, 40, length=60)
    log = open_log(disk, FOLDER, SESSION).log
    at = log.place.at
    for _ in range(8):
        for _ in range(2):
            log.append(synthetic.payload(rng, log.state, 60), at or START_AT)
        list(synthetic.commit_all(log))
    log.close()
    return {path: bytes(inode.seen) for path, inode in disk.names.items()}


LOG = a_log()
SEALED_LOG = synthetic.seal(SimulatedDisk(Random(0)), synthetic.lines(Random(1), 60, 60))
FRAMES_END = SEALED_LOG.index(b"\x5d\x2a\x4d\x18")
"""What is behind it tells where the frames are; a reader needs only half of it."""


def check_found(files, path, changed, where):
    """It is found by verifying, reading and opening, near where it is, and nothing changes."""
    disk = SimulatedDisk(Random(0), files | {path: changed})
    before = disk.read_all()
    verdict = verify(disk, path)
    assert verdict.status is Status.DAMAGED, verdict
    assert 0 <= verdict.problem.offset <= len(changed), verdict.problem
    assert verdict.problem.what
    if path != SEALED or where < FRAMES_END:
        with pytest.raises(LogError), open_reader(disk, path) as reader:
            list(reader.events())
    if path != SEALED:
        with pytest.raises(LogError) as refused:
            open_log(disk, FOLDER, SESSION)
        assert refused.value.path in (path, TAIL)
    after = disk.read_all()
    assert {p: after[p] for p in before} == before
    assert set(after) - set(before) <= {FOLDER / f"{SESSION}.lock"}


def only_marks_are_missing(changed, text):
    """A mark proves the lines before it, as does the next one; a group that was torn has none."""
    missing = list(text.splitlines(keepends=True))
    for line in changed.splitlines(keepends=True):
        if line not in missing:
            return False
        missing.remove(line)
    return all(line.startswith(b'{"type":"mark"') for line in missing)


def mutate_all(count, mutations, files, path, start, end):
    text = files[path]
    for seed in range(count):
        rng = Random(seed)
        mutation = rng.choice(mutations)
        changed = mutation(text, start, end, rng)
        if changed == text or only_marks_are_missing(changed, text):
            continue
        where = next(
            (n for n, (a, b) in enumerate(zip(changed, text, strict=False)) if a != b), end
        )
        if mutation is zero and path == TAIL and changed[where:].count(b'{"type":"mark"') == 1:
            continue  # no more than what a loss of power leaves of one group
        try:
            check_found(files, path, changed, where)
        except (Exception, pytest.fail.Exception) as error:
            raise AssertionError(f"{mutation.__name__}, seed {seed}: {error!r}") from error


def last_group(text):
    """Where the last group of a tail begins: what is zeroed there may have been torn."""
    marks = text.rfind(b'{"type":"mark"', 0, len(text) - 60)
    return text.index(b"\n", marks) + 1


@pytest.mark.parametrize("count", COUNT)
def test_a_change_in_the_middle_of_a_tail_is_found(count):
    text = LOG[TAIL]
    mutate_all(count, ANYWHERE + BY_LINE, LOG, TAIL, text.index(b"\n") + 1, last_group(text))


@pytest.mark.parametrize("count", COUNT)
def test_a_change_in_the_middle_of_a_lone_tail_is_found(count):
    disk = SimulatedDisk(Random(0))
    log = open_log(disk, FOLDER, SESSION).log
    for seed in range(12):
        log.append(synthetic.payload(Random(seed), log.state, 60), START_AT)
        list(synthetic.commit_all(log))
    text = bytes(disk.names[TAIL].seen)
    mutate_all(count, ANYWHERE + BY_LINE, {TAIL: text}, TAIL, 0, last_group(text))


@pytest.mark.parametrize("count", COUNT)
def test_a_change_in_the_snapshot_of_a_tail_is_found_or_kept_aside(count):
    """A tail's snapshot says nothing that its body does not; what follows it must not be lost."""
    text = LOG[TAIL]
    mutate_all(count, ANYWHERE, LOG, TAIL, 0, text.index(b"\n"))


@pytest.mark.parametrize("count", COUNT)
def test_a_change_in_the_middle_of_a_body_is_found(count):
    mutate_all(count, ANYWHERE, LOG, BODY, 0, len(LOG[BODY]))


@pytest.mark.parametrize("count", COUNT)
def test_a_change_in_the_middle_of_a_sealed_log_is_found(count):
    mutate_all(count, ANYWHERE, {SEALED: SEALED_LOG}, SEALED, 0, len(SEALED_LOG) - 1)


@pytest.mark.parametrize("path", [BODY, SEALED])
def test_frames_that_are_missing_doubled_or_in_another_order_are_found(path):
    files = LOG if path == BODY else {SEALED: SEALED_LOG}
    text = files[path]
    extents = list(walk(SimulatedDisk(Random(0), files).open(path)))
    frames = [text[e.offset : e.offset + e.length] for e in extents]
    for number in range(1, len(frames) - 3):
        # without its first frame a body is the body of a clip
        where = extents[number].offset
        for changed in (
            [*frames[:number], *frames[number + 1 :]],
            [*frames[:number], frames[number], *frames[number:]],
            [*frames[:number], frames[number + 1], frames[number], *frames[number + 2 :]],
        ):
            check_found(files, path, b"".join(changed), where + len(frames[number]) * 2)
