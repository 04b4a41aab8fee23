"""A reader trusts nothing: not the snapshots of others, not foreign files, not a moving log."""

import contextlib
import gzip
import threading
from random import Random

import pytest
import zstandard

from livetiming.errors import LogDamaged, LogError, NoLog
from livetiming.events import State, apply, decode, state_hash
from livetiming.events.log import (
    Folded,
    Form,
    Instant,
    RealDisk,
    Seq,
    Status,
    open_log,
    open_reader,
    verify,
)
from livetiming.events.log.frames import MAX_CONTENT, compress, open_frame, walk
from livetiming.events.log.index import write_trailer
from tests import six_lines
from tests.events.log import synthetic
from tests.events.log.simulated_disk import SimulatedDisk
from tests.events.log.synthetic import BODY, FOLDER, SEALED, SESSION, START_AT, TAIL


def disk_with(**files):
    paths = {"tail": TAIL, "body": BODY, "sealed": SEALED}
    return SimulatedDisk(Random(0), {paths[name]: content for name, content in files.items()})


def a_zstd_file(text=b"something else\n" * 9):
    return zstandard.ZstdCompressor().compress(text)


FOREIGN = {
    "random bytes": Random(1).randbytes(4096),
    "random bytes without a line feed": Random(1).randbytes(4096).replace(b"\n", b""),
    "a gzip": gzip.compress(b"something else\n" * 9, mtime=0),
    "nothing": b"",
    "a plain text": b"something else\n" * 9,
    "a plain text without a line feed": b"something else",
    "a zstd of something else": a_zstd_file(),
    "a zstd of something else with a checksum": compress(b"something else\n" * 9, 9),
    "a zstd of nothing": compress(b"", 9),
    "a zstd of one empty line": compress(b"\n", 9),
    "a seek table alone": write_trailer(SESSION, 0, bytes(8), [], []),
    "JSON": b'{"a":1}\n{"a":2}\n',
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("where", ["tail", "body", "sealed"])
def test_a_foreign_file_is_no_log(name, where):
    disk = disk_with(**{where: FOREIGN[name]})
    path = {"tail": TAIL, "body": BODY, "sealed": SEALED}[where]
    with pytest.raises((NoLog, LogDamaged)), open_reader(disk, path) as reader:
        list(reader.events())
    with contextlib.suppress(NoLog):
        assert verify(disk, path).status is Status.DAMAGED


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("where", ["tail", "body"])
def test_a_foreign_file_is_never_written_to(name, where):
    content = FOREIGN[name]
    disk = disk_with(**{where: content})
    if content:
        with pytest.raises((NoLog, LogDamaged)):
            open_log(disk, FOLDER, SESSION)
        assert disk.read_all()[TAIL if where == "tail" else BODY] == content
        assert not [path for path in disk.names if ".torn-" in path.name]
    else:
        assert open_log(disk, FOLDER, SESSION).log.place.seq == 0


def test_what_is_not_there_is_no_log():
    for path in (TAIL, BODY, SEALED):
        with pytest.raises(NoLog, match="there is no log"):
            open_reader(disk_with(), path)


def test_a_log_is_found_by_any_of_its_names():
    disk = SimulatedDisk(Random(0))
    lines = synthetic.write_log(disk, Random(1), 40)
    for path in (TAIL, BODY, FOLDER / str(SESSION)):
        with open_reader(disk, path) as reader:
            assert reader.form is Form.GROWING
            assert reader.session == SESSION
            assert [line for line, _ in reader.events()] == lines


def refuses(disk, path=TAIL):
    """Why a log is refused, by all who may open it."""
    with pytest.raises(LogError) as refused, open_reader(disk, path) as reader:
        list(reader.events())
    return str(refused.value)


HEAD = Folded(SESSION).snapshot(START_AT)
BAD_LINES = {
    "a line too long": b'{"seq":7,"at":1781445612250,"type":"x","a":"' + b"x" * 65_536 + b'"}',
    "nine levels": b'{"seq":7,"at":1781445612250,"type":"x","a":' + b"[" * 8 + b"]" * 8 + b"}",
    "a key twice": b'{"seq":7,"at":1781445612250,"type":"x","a":1,"a":2}',
    "a known key twice": (
        b'{"seq":7,"at":1781445612250,"type":"feed","status":"live","status":"lost"}'
    ),
    "no number": b'{"seq":7,"at":1781445612250,"type":"x","a":NaN}',
    "another number": b'{"seq":8,"at":1781445612250,"type":"feed","status":"live"}',
    "an earlier instant": b'{"seq":7,"at":1781445612249,"type":"feed","status":"live"}',
    "broken UTF-8": b'{"seq":7,"at":1781445612250,"type":"feed","status":"li\xffe"}',
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_refused_in_a_tail_and_in_a_frame(name):
    lines = [*six_lines.LINES, BAD_LINES[name]]
    mark = b'{"type":"mark","seq":7,"chain":"5bb39556b108a25c"}\n'
    text = b"\n".join([HEAD, *lines, mark])
    assert "damaged" in refuses(disk_with(tail=text))
    frame = compress(b"\n".join([HEAD, *lines, b""]), 9)
    assert "damaged" in refuses(disk_with(body=frame), BODY)
    assert verify(disk_with(body=frame), BODY).problem.seq == 6


def test_a_frame_that_declares_too_much_is_refused_unopened(monkeypatch):
    bomb = compress(HEAD + b"\n" + bytes(MAX_CONTENT), 1)
    disk = disk_with(sealed=bomb)
    monkeypatch.setattr(zstandard, "ZstdDecompressor", None)
    assert "declares" in refuses(disk, SEALED)


def test_a_key_that_stands_twice_in_a_state_is_refused():
    twice = HEAD.replace(b'"feed":null', b'"feed":null,"feed":null')
    assert "twice" in refuses(disk_with(tail=twice + b"\n" + six_lines.TAIL.split(b"\n", 1)[1]))


def test_a_state_that_is_not_what_the_events_add_up_to_is_found():
    other = HEAD.replace(b'"writer":null', b'"writer":5')
    assert "add up" in refuses(disk_with(tail=other + b"\n" + six_lines.TAIL.split(b"\n", 1)[1]))


def other_version(content):
    """The same log, its snapshots of another version, with states that we must not look at."""
    first, *rest = content.split(b"\n")
    state = first.index(b'"state":')
    changed = first[:state].replace(b'"log":1', b'"log":2') + b'"state":{"else":[1]}}'
    return b"\n".join([changed, *rest])


def a_log_of_another_version(rng, *, sealed):
    disk = SimulatedDisk(Random(0))
    lines = synthetic.write_log(disk, rng, 60)
    if sealed:
        synthetic.write_sealed(disk, lines)
        path = SEALED
    else:
        path = BODY
        disk.names[TAIL].seen[:] = other_version(bytes(disk.names[TAIL].seen))
    text, file = bytes(disk.names[path].seen), disk.open(path)
    changed = b"".join(
        compress(other_version(open_frame(text[e.offset : e.offset + e.length])), 9)
        for e in walk(file)
        if e.magic == text[:4]
    )
    disk.names[path].seen[:] = changed
    return disk, lines


@pytest.mark.parametrize("sealed", [False, True])
def test_a_snapshot_of_another_version_is_not_trusted(sealed):
    disk, lines = a_log_of_another_version(Random(3), sealed=sealed)
    path, state = SEALED if sealed else TAIL, State()
    with open_reader(disk, path) as reader:
        assert reader.frames > 3
        assert [line for line, _ in reader.events()] == lines
        for line in lines:
            event = decode(line)
            apply(state, event)
            found = reader.at(Seq(event.seq))
            assert found.seq == event.seq
            assert state_hash(found.state) == state_hash(state)
    if not sealed:
        assert verify(disk, path).status is Status.WHOLE
        log = open_log(disk, FOLDER, SESSION).log
        assert state_hash(log.state) == state_hash(state)
        more = synthetic.append_some(log, Random(1), 30)
        list(synthetic.commit_all(log))
        assert synthetic.read_lines(disk, path) == lines + more


def test_a_clip_of_another_version_cannot_be_folded():
    lines = synthetic.lines(Random(1), 9)
    folded = Folded(SESSION)
    for line in lines[:4]:
        folded.step(line)
    text = other_version(b"\n".join([folded.snapshot(), *lines[4:], b""]))
    assert "other rules" in refuses(disk_with(tail=text))
    assert "other rules" in refuses(disk_with(sealed=compress(text, 9)), SEALED)


def test_a_reader_that_cannot_read_names_the_file():
    disk = SimulatedDisk(Random(0))
    lines = synthetic.write_log(disk, Random(1), 40)
    synthetic.write_sealed(disk, lines)
    for path in (TAIL, SEALED):
        for call in range(1, 60):
            disk.calls, disk.failing = 0, range(call, call + 1)
            said = why_not_read(disk, path)
            assert said is None or "cannot be read" in str(said)
            assert said is None or said.path.parent == path.parent
        disk.heal()


def why_not_read(disk, path):
    try:
        with open_reader(disk, path) as reader:
            list(reader.events())
            reader.at(Instant(START_AT))
            reader.last()
        verify(disk, path)
    except LogError as error:
        return error
    return None


class Interleaved(SimulatedDisk):
    """A disk on which something happens before each reading call."""

    def __init__(self, rng, between):
        super().__init__(rng)
        self.between = between
        self.reading = False

    def call(self, name):
        super().call(name)
        if self.reading:
            self.reading = False
            self.between(self.rng.random() < 0.3 or name == "pause")
            self.reading = True


class Halves:
    """A writer whose every write is seen in two halves by whoever reads meanwhile."""

    def __init__(self, disk, rng):
        self.steps = self._run(disk, rng)

    def _run(self, disk, rng):
        log = open_log(disk, FOLDER, SESSION).log
        self.lines = []
        while True:
            self.lines += synthetic.append_some(log, rng, 2)
            for group in iter(log.take, None):
                yield from self._halves(disk, log, group)

    def _halves(self, disk, log, group):
        """Commit a group, and show the moments on the way there one after another."""
        tail, body = disk.names[TAIL], disk.names.get(BODY)
        text, frames = bytes(tail.seen), bytes(body.seen) if body else b""
        log.commit(group)
        body = disk.names.get(BODY)
        new_text, new_frames = bytes(tail.seen), bytes(body.seen) if body else b""
        full = text + group.text
        moments = [(frames, text + group.text[: len(group.text) // 2]), (frames, full)]
        if group.roll is not None:
            moments += [
                (new_frames[: (len(frames) + len(new_frames)) // 2], full),
                (new_frames, full),
                (new_frames, b""),
                (new_frames, new_text[: len(new_text) // 2]),
                (new_frames, new_text),
            ]
        for frames_there, text_there in moments:
            tail.seen[:] = text_there
            if body:
                body.seen[:] = frames_there
            yield


@pytest.mark.parametrize("seed", range(40))
def test_a_reader_sees_no_hole_and_no_damage_in_a_log_that_is_written(seed):
    rng = Random(seed)
    disk = Interleaved(rng, lambda goes_on: goes_on and next(writer.steps))
    writer = Halves(disk, rng)
    for _ in range(40):
        next(writer.steps)
    for _ in range(10):
        disk.reading = True
        with open_reader(disk, TAIL) as reader:
            assert not reader.torn
            found = [line for line, _ in reader.events()]
        verdict = verify(disk, TAIL)
        disk.reading = False
        assert found == writer.lines[: len(found)]
        assert verdict.status is Status.WHOLE, verdict
        for _ in range(rng.randrange(20)):
            next(writer.steps)


def test_a_real_log_is_read_while_another_thread_writes_it(tmp_path):
    log, stop, lines = open_log(RealDisk(), tmp_path, SESSION).log, threading.Event(), []
    path = tmp_path / f"{SESSION}.jsonl"

    def write():
        rng = Random(1)
        while not stop.is_set():
            lines.extend(synthetic.append_some(log, rng, 5, 200))
            list(synthetic.commit_all(log))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = -1
        while seen < 400:
            try:
                with open_reader(RealDisk(), path) as reader:
                    found = [line for line, _ in reader.events()]
            except NoLog:
                continue
            assert found == lines[: len(found)]
            assert len(found) >= seen
            seen = len(found)
    finally:
        stop.set()
        writer.join()
        log.close()
    assert verify(RealDisk(), path).status is Status.WHOLE
