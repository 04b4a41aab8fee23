"""Captures: written, read back, and refused."""

import errno
import json

import pytest

from livetiming.errors import BadCapture
from livetiming.services import CaptureHints, Frame, Plugin, Verified
from livetiming.services.capture import MAX_FRAME, CaptureWriter, read_frames
from tests.services.stage import ScriptedFeed, ScriptedParser, Stage, seen

FRAMES = [
    Frame(5, "", "hello"),
    Frame(6, "timing", 'ü \u2028 "quoted" \n\r\x00 end'),
    Frame(6, "", b"\x00\xff raw"),
    Frame(9, "", ""),
    Frame(10, "", b""),
]


def plugin(read_capture=None):
    return Plugin(
        title="Scripted",
        verified=Verified.SIMULATION,
        columns=(),
        parser=lambda _: ScriptedParser(),
        transport=lambda _: ScriptedFeed(),
        read_capture=read_capture,
    )


def read(*paths, class_="demo", read_capture=None):
    return list(read_frames(plugin(read_capture), class_, paths, CaptureHints(None, None)))


def write(path, frames=FRAMES, class_="demo"):
    writer = CaptureWriter(path, class_, 4)
    for frame in frames:
        writer.add(frame)
    writer.close()


def test_frames_are_read_back_as_they_came(tmp_path):
    write(tmp_path / "x")
    assert read(tmp_path / "x") == FRAMES


def test_a_capture_is_lines_of_json_as_the_schema_has_them(tmp_path):
    write(tmp_path / "x", FRAMES[:1] + FRAMES[2:3])
    assert (tmp_path / "x").read_text() == (
        '{"capture":1,"class":"demo","started_at":4}\n[5,"","hello"]\n[6,"",{"b64":"AP8gcmF3"}]\n'
    )


def test_each_frame_is_in_the_file_at_once(tmp_path):
    writer = CaptureWriter(tmp_path / "x", "demo", 4)
    for n, frame in enumerate(FRAMES):
        writer.add(frame)
        assert len(read(tmp_path / "x")) == n + 1
    writer.close()


def test_half_a_character_is_replaced(tmp_path):
    write(tmp_path / "x", [Frame(5, "", "a\ud800b")])
    assert read(tmp_path / "x") == [Frame(5, "", "a?b")]


def test_several_captures_are_read_in_order(tmp_path):
    write(tmp_path / "x")
    write(tmp_path / "y", [Frame(20, "", "more")])
    assert read(tmp_path / "x", tmp_path / "y") == [*FRAMES, Frame(20, "", "more")]


def test_a_last_line_that_is_cut_off_is_left_out(tmp_path):
    write(tmp_path / "x")
    whole = (tmp_path / "x").read_bytes()
    starts = [n + 1 for n, byte in enumerate(whole) if byte == 10]
    for cut in range(starts[0], len(whole)):
        (tmp_path / "x").write_bytes(whole[:cut])
        assert read(tmp_path / "x") == FRAMES[: sum(start <= cut for start in starts[1:])]


def test_a_file_that_exists_is_never_touched(tmp_path):
    (tmp_path / "x").write_text("precious")
    with pytest.raises(BadCapture, match="cannot be made: File exists"):
        CaptureWriter(tmp_path / "x", "demo", 4)
    assert (tmp_path / "x").read_text() == "precious"


BAD = {
    "another class": '{"capture":1,"class":"f1","started_at":4}\n',
    "a later version": '{"capture":2,"class":"demo","started_at":4}\n',
    "a broken head": '{"capture":1,"class":\n',
    "nothing": "",
    "text": "hello\n",
    "a folder": None,
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_capture_is_refused_before_the_first_frame(tmp_path, name):
    if BAD[name] is None:
        (tmp_path / "x").mkdir()
    else:
        (tmp_path / "x").write_text(BAD[name])
    with pytest.raises(BadCapture, match="/x: "):
        read_frames(plugin(), "demo", [tmp_path / "x"], CaptureHints(None, None))


LINES = [
    "hello",
    "[]",
    '[1,"",3]',
    '["1","","x"]',
    '[1,"",{"b64":"?"}]',
    '[1,"",{"b64":"ü"}]',
    "[" * 5000,
    '{"a":1}',
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_is_no_frame_is_named(tmp_path, line):
    write(tmp_path / "x", FRAMES[:1])
    with (tmp_path / "x").open("a") as file:
        file.write(line + "\n")
    with pytest.raises(BadCapture, match="x: line 3"):
        read(tmp_path / "x")


def test_a_line_without_end_is_not_read_into_memory(tmp_path):
    write(tmp_path / "x", [])
    with (tmp_path / "x").open("a") as file:
        file.write('[1,"","' + "x" * MAX_FRAME + '"]\n')
    with pytest.raises(BadCapture, match="line 2 is over"):
        read(tmp_path / "x")


def test_other_files_are_read_by_the_provider(tmp_path):
    (tmp_path / "x").write_text("$F\n")
    hinted = []

    def provider(paths, hints):
        hinted.append(hints)
        return iter([Frame(1, "", path.read_text()) for path in paths])

    assert read(tmp_path / "x", read_capture=provider) == [Frame(1, "", "$F\n")]
    assert hinted == [CaptureHints(None, None)]


def test_a_capture_whose_disk_is_full_ends_there_and_the_service_goes_on(tmp_path):
    class Full(CaptureWriter):
        def add(self, frame):
            raise OSError(errno.ENOSPC, "No space left on device")

    capture = Full(tmp_path / "x.txt", "demo", 4)
    (tmp_path / "state").mkdir()
    stage = Stage(tmp_path / "state", capture=capture).start()
    stage.frame(seen())
    stage.frame(seen(description="again"))
    stage.stop()
    assert stage.kinds()[-1] == "closed stopped"


def test_raw_frames_are_kept_with_the_instant_that_the_log_has(tmp_path):
    (tmp_path / "state").mkdir()
    capture = CaptureWriter(tmp_path / "x.txt", "rmonitor", 4)
    stage = Stage(tmp_path / "state", capture=capture).start()
    stage.frame(seen())
    stage.stop()
    (line,) = (tmp_path / "x.txt").read_text().splitlines()[1:]
    assert json.loads(line) == [stage.events()[0].at, "", "x"]
