"""Frames are found, measured and opened without trusting what they say of themselves."""

from pathlib import Path
from random import Random

import pytest
import zstandard

from livetiming.events.log.frames import (
    FIRST_BLOCK,
    GROWING_LEVEL,
    MAX_CONTENT,
    MAX_FRAME,
    SEALED_LEVEL,
    BadFrame,
    CutOff,
    compress,
    open_frame,
    peek,
    salvage,
    walk,
)
from tests.events.log.simulated_disk import SimulatedDisk


def file_of(content):
    return SimulatedDisk(Random(0), {Path("/a"): content}).open(Path("/a"))


def random_lines(size, seed=1):
    rng = Random(seed)
    return b"".join(rng.randbytes(40).hex().encode() + b"\n" for _ in range(size // 81))


@pytest.mark.parametrize("level", [GROWING_LEVEL, SEALED_LEVEL])
def test_the_beginning_of_a_big_frame_can_be_read_without_the_rest(level):
    content = random_lines(400_000)
    frame = compress(content, level)
    assert len(frame) > FIRST_BLOCK
    assert peek(frame[:FIRST_BLOCK], 256) == content[:256]


def test_what_cannot_be_compressed_still_fits_a_frame():
    content = Random(2).randbytes(MAX_CONTENT)
    assert len(compress(content, GROWING_LEVEL)) <= MAX_FRAME
    assert peek(compress(content, GROWING_LEVEL)[:FIRST_BLOCK], 256) == content[:256]


def bomb(**options):
    parameters = zstandard.ZstdCompressionParameters.from_level(1, **options)
    return zstandard.ZstdCompressor(compression_params=parameters)


UNWANTED = {
    "too much content": compress(bytes(MAX_CONTENT + 1), 1),
    "a window of 16 MiB": (
        bomb(window_log=24, write_checksum=True, write_content_size=False).compress(bytes(2**25))
    ),
    "an undeclared size": (
        bomb(write_checksum=True, write_content_size=False).compress(b"lines\n" * 9)
    ),
    "no checksum": zstandard.ZstdCompressor().compress(b"lines\n" * 9),
    "a gigabyte in a kilobyte": (
        bomb(write_checksum=True).compressobj(size=2**30).compress(bytes(2**20)) + b"\0\0"
    ),
}


@pytest.mark.parametrize("name", UNWANTED)
def test_a_frame_that_declares_too_much_is_refused_before_it_is_opened(name, monkeypatch):
    frame = UNWANTED[name]
    monkeypatch.setattr(zstandard, "ZstdDecompressor", None)
    with pytest.raises(BadFrame):
        open_frame(frame)
    with pytest.raises(BadFrame):
        peek(frame, 256)
    assert salvage(frame) == b""


def test_whatever_follows_a_frame_is_no_part_of_it():
    with pytest.raises(BadFrame):
        open_frame(compress(b"a\n", 1) + b"more")


def test_frames_are_walked_without_being_opened():
    frames = [compress(random_lines(size), 9) for size in (100, 300_000, 100)]
    assert [extent.length for extent in walk(file_of(b"".join(frames)))] == [*map(len, frames)]


def test_a_walk_gives_all_whole_frames_before_the_end_is_cut_off():
    first, second = compress(random_lines(500), 9), compress(random_lines(500, seed=2), 9)
    for end in range(len(first) + 1, len(first) + len(second)):
        frames = walk(file_of((first + second)[:end]))
        assert next(frames).length == len(first)
        with pytest.raises(CutOff):
            next(frames)


def test_a_walk_stops_at_what_no_frame_can_be():
    frame = compress(b"a\n", 9)
    reserved_block = frame[:6] + b"\x07\x00\x00" + bytes(99)
    for content in (bytes(99), b"PK\3\4" + bytes(99), reserved_block):
        with pytest.raises(BadFrame):
            list(walk(file_of(frame + content)))


def test_what_a_cut_frame_still_has_can_be_saved():
    content = random_lines(400_000)
    frame = compress(content, 9)
    saved = salvage(frame[: len(frame) * 3 // 4])
    assert len(saved) > 100_000
    assert content.startswith(saved)
