"""A sealed log: the same bytes whenever it is sealed, and any moment of it by one frame."""

import json
import shutil
import subprocess
import zlib
from pathlib import Path
from random import Random

import pytest
import zstandard

from livetiming.errors import BadArgument, BadLine, LogFailed
from livetiming.events import State, apply, decode, state_hash
from livetiming.events.log import (
    Folded,
    Form,
    Instant,
    RealDisk,
    SealedWriter,
    Seq,
    Status,
    open_reader,
    verify,
)
from livetiming.events.log.index import write_trailer
from tests import six_lines
from tests.events.log import synthetic
from tests.events.log.simulated_disk import SimulatedDisk
from tests.events.log.synthetic import SEALED, SESSION, START_AT, seal

ZSTD_1_5_7 = (1, 5, 7)

INDEX = (
    b'{"index":1,"session":"5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b","seq":6,'
    b'"chain":"5bb39556b108a25c","frames":[[0,719,2281766255,1651,1,1781445600000,6,'
    b"1781445612250]]}"
)
SEEK_TABLE = bytes.fromhex(
    "5e2a4d18 21000000 cf020000 73060000 cf07a633 aa000000 00000000 99e9d851 02000000 80 b1ea928f"
)


@pytest.fixture
def disk():
    return SimulatedDisk(Random(0))


def test_the_log_of_six_lines_is_sealed_as_documented(disk):
    sealed = seal(disk, six_lines.LINES)
    content = b"\n".join([Folded(SESSION).snapshot(START_AT), *six_lines.LINES, b""])
    assert len(content) == 1651
    frame = sealed[: sealed.index(b"\x5d\x2a\x4d\x18")]
    assert zstandard.ZstdDecompressor().decompress(frame) == content
    index = json.loads(sealed[len(frame) + 8 : sealed.index(SEEK_TABLE[:4]) - 4])
    documented = json.loads(INDEX)
    documented["frames"][0][1:3] = [len(frame), zlib.crc32(frame)]
    assert index == documented
    assert verify(disk, SEALED).status is Status.WHOLE


@pytest.mark.skipif(
    zstandard.ZSTD_VERSION != ZSTD_1_5_7, reason="another build of zstd compresses otherwise"
)
def test_the_log_of_six_lines_has_its_documented_bytes(disk):
    sealed = seal(disk, six_lines.LINES)
    assert len(sealed) == 930
    assert sealed[719:] == (
        b"\x5d\x2a\x4d\x18"
        + (170 - 8).to_bytes(4, "little")
        + INDEX
        + b"\xfe\xfd\xfc\x6e"
        + SEEK_TABLE
    )


def test_zstdcat_reads_a_sealed_log(tmp_path):
    tool = shutil.which("zstdcat")
    if tool is None:
        pytest.skip("zstdcat is not installed")
    seal(RealDisk(), six_lines.LINES, tmp_path / "a.jsonl.zst")
    text = subprocess.run([tool, tmp_path / "a.jsonl.zst"], capture_output=True, check=True).stdout
    assert text.splitlines() == [Folded(SESSION).snapshot(START_AT), *six_lines.LINES]


def test_sealing_twice_gives_the_same_bytes(disk):
    lines = synthetic.lines(Random(5), 400)
    first = seal(disk, lines)
    assert seal(disk, lines) == first
    assert seal(SimulatedDisk(Random(1)), lines) == first


def test_sealing_what_was_read_of_a_growing_log_gives_the_same_bytes_as_sealing_its_lines(disk):
    lines = synthetic.write_log(disk, Random(6), 80)
    assert seal(disk, synthetic.read_lines(disk, synthetic.TAIL)) == seal(disk, lines)


@pytest.mark.parametrize("form", list(Form))
def test_each_seq_and_each_instant_of_a_log_is_what_folding_gives(form, disk):
    lines = synthetic.write_log(disk, Random(7), 90)
    seal(disk, lines)
    path = {Form.GROWING: synthetic.TAIL, Form.SEALED: SEALED}[form]
    state, at = State(), START_AT
    with open_reader(disk, path) as reader:
        assert reader.form is form
        assert reader.frames > 4
        assert reader.at(Seq(0)).seq == reader.at(Instant(0)).seq == 0
        assert reader.at(Instant(START_AT - 1)).seq == 0
        for line, following in zip(lines, [*lines[1:], None], strict=True):
            event = decode(line)
            apply(state, event)
            found = reader.at(Seq(event.seq))
            assert (found.seq, found.at, state_hash(found.state)) == (
                *(event.seq, event.at),
                state_hash(state),
            )
            until = decode(following).at if following else event.at + 10
            for at in {event.at, until - 1} if until > event.at else ():
                assert reader.at(Instant(at)).place == found.place
        assert reader.at(Seq(10**9)).place == reader.last().place == found.place
        assert reader.at(Instant(2**52)).place == found.place


def test_frames_end_after_a_quarter_of_an_hour_or_a_mebibyte(disk):
    seal(disk, synthetic.lines(Random(8), 100, step_ms=60_000))
    with open_reader(disk, SEALED) as reader:
        assert reader.frames == 7
    seal(disk, synthetic.lines(Random(8), 6_000, 250, step_ms=1))
    with open_reader(disk, SEALED) as reader:
        assert reader.frames > 1
        sizes = [sum(map(len, reader._parts.read(n).lines)) for n in range(reader.frames)]
        assert max(sizes) < 1024 * 1024


def test_a_clip_begins_with_the_state_before_its_first_line(disk):
    lines = synthetic.lines(Random(9), 60)
    seal(disk, lines)
    with open_reader(disk, SEALED) as reader:
        start = reader.at(Seq(20))
        end = reader.at(Seq(50)).place
    path = Path("/recordings/clip.jsonl.zst")
    with SealedWriter(disk, path, start) as sealed:
        for line in lines[20:50]:
            sealed.add(line)
        sealed.finish()
    verdict = verify(disk, path)
    assert (verdict.status, verdict.events) == (Status.WHOLE, 30)
    with open_reader(disk, path) as clip:
        assert [line for line, _ in clip.events()] == lines[20:50]
        assert clip.start().seq == 20
        assert clip.last().place == end
        assert clip.at(Seq(3)).seq == 20


def test_a_line_that_does_not_follow_leaves_no_sealed_log(disk):
    lines = synthetic.lines(Random(1), 5)
    with pytest.raises(BadLine), SealedWriter(disk, SEALED, Folded(SESSION)) as sealed:
        any(map(sealed.add, [lines[0], lines[2]]))
    assert not disk.names


def test_a_log_without_an_event_cannot_be_sealed(disk):
    with pytest.raises(BadArgument), SealedWriter(disk, SEALED, Folded(SESSION)) as sealed:
        sealed.finish()
    assert not disk.names


def test_an_unfinished_sealed_log_leaves_the_old_one(disk):
    lines = synthetic.lines(Random(1), 5)
    old = seal(disk, lines[:3])
    with SealedWriter(disk, SEALED, Folded(SESSION)) as sealed:
        sealed.add(lines[0])
    assert disk.read_all() == {SEALED: old}


def test_what_is_left_of_an_earlier_attempt_is_replaced(disk):
    disk.names[SEALED.with_name(SEALED.name + ".part")] = disk.append(Path("/x"))._inode
    seal(disk, synthetic.lines(Random(1), 5))
    assert verify(disk, SEALED).status is Status.WHOLE


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path):
    with pytest.raises(LogFailed, match="No such file or directory"):
        SealedWriter(RealDisk(), tmp_path / "nowhere" / "a.jsonl.zst", Folded(SESSION))


def test_the_trailer_does_not_depend_on_anything_but_the_frames():
    assert write_trailer(SESSION, 6, bytes(8), [], []) == write_trailer(
        SESSION, 6, bytes(8), [], []
    )
