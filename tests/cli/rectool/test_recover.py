import json
from contextlib import closing

import pytest

from livetiming.events.log import RealDisk, SealedWriter, Status, open_log, open_reader, verify
from tests import six_lines
from tests.cli import race
from tests.cli.rectool.conftest import one_line


def recovered(rectool, *args):
    result = rectool("recover", *args, "--json")
    found = json.loads(result.stdout)
    assert list(found) == ["kept", "cut_bytes", "torn_path"]
    assert result.exit_code == (3 if found["cut_bytes"] else 0)
    return found


def lines_of(path):
    with open_reader(RealDisk(), path) as reader:
        return [line for line, _ in reader.events()]


def everything(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def two_frames(recording, tmp_path):
    """A recording of two frames; where the second begins."""
    path = tmp_path / "two.jsonl.zst"
    with (
        open_reader(RealDisk(), recording) as reader,
        SealedWriter(RealDisk(), path, reader.start()) as writer,
    ):
        for line, event in reader.events():
            late = event._replace(at=event.at + (10**9 if event.seq > 100 else 0))
            from livetiming.events import encode

            writer.add(encode(late) if event.seq > 100 else line, late)
        writer.finish()
    with open_reader(RealDisk(), path) as reader:
        second = reader._parts.where(1)[1]
    recording.unlink()
    return path, second


@pytest.mark.parametrize("form", ["growing", "recording"])
def test_a_whole_log_is_left_alone(rectool, request, form):
    path = request.getfixturevalue(form)
    before = path.read_bytes()
    assert recovered(rectool, path)["cut_bytes"] == 0
    assert path.read_bytes() == before


def test_a_growing_log_keeps_its_whole_lines_and_the_cut_bytes_stand_beside_it(rectool, growing):
    growing.write_bytes(six_lines.TAIL[:-70])
    offset = six_lines.TAIL[:-70].rindex(b"\n") + 1
    found = recovered(rectool, growing)
    torn = growing.with_name(f"{six_lines.SESSION}.torn-{offset}")
    assert found["torn_path"] == str(torn)
    assert found["cut_bytes"] == len(six_lines.TAIL) - 70 - offset
    assert growing.read_bytes() + torn.read_bytes() == six_lines.TAIL[:-70]
    assert found["kept"] == 5
    assert recovered(rectool, growing) == {"kept": 5, "cut_bytes": 0, "torn_path": None}


def test_a_log_that_is_being_written_is_left_alone(rectool, tmp_path):
    with closing(open_log(RealDisk(), tmp_path, race.SESSION).log) as log:
        race.write(log, list(race.happenings(3, 1)))
        before = everything(tmp_path)
        result = rectool("recover", tmp_path / f"{race.SESSION}.jsonl")
        assert result.exit_code == 1
        assert "another process writes this log" in one_line(result)
        assert everything(tmp_path) == before


def test_a_growing_log_of_another_name_is_left_alone(rectool, growing):
    other = growing.rename(growing.with_name(f"{six_lines.SESSION}~2.jsonl"))
    before = everything(growing.parent)
    result = rectool("recover", other)
    assert result.exit_code == 1
    assert "--out" in one_line(result)
    assert everything(growing.parent) == before
    out = growing.with_name("out.jsonl.zst")
    assert recovered(rectool, other, "--out", out)["kept"] == 6


@pytest.mark.parametrize("inside", [0, 40, 2000])
def test_a_recording_cut_in_a_frame_is_sealed_anew(rectool, two_frames, inside):
    path, second = two_frames
    whole = lines_of(path)
    data = path.read_bytes()[: second + inside]
    path.write_bytes(data)
    found = recovered(rectool, path)
    assert found["cut_bytes"] == inside
    if inside:
        torn = path.with_name(f"two.torn-{second}")
        assert found["torn_path"] == str(torn)
        assert torn.read_bytes() == data[second:]
    assert verify(RealDisk(), path).status is Status.WHOLE
    assert lines_of(path) == whole[: found["kept"]]
    assert found["kept"] >= 100


def test_whole_lines_of_a_frame_that_was_cut_off_are_saved(rectool, recording):
    whole, data = lines_of(recording), recording.read_bytes()[:-600]
    recording.write_bytes(data)
    found = recovered(rectool, recording)
    assert 100 < found["kept"] < 618
    assert lines_of(recording) == whole[: found["kept"]]
    assert recording.with_name("race.torn-0").read_bytes() == data


def test_a_recording_that_lost_its_index_gets_it_back(rectool, recording):
    data = recording.read_bytes()
    recording.write_bytes(data[:-20])
    assert recovered(rectool, recording)["kept"] == 618
    assert recording.read_bytes() == data


@pytest.mark.parametrize("keep", [0, 3, 40])
def test_where_nothing_is_whole_nothing_is_written(rectool, recording, keep):
    recording.write_bytes(recording.read_bytes()[:keep])
    before = everything(recording.parent)
    result = rectool("recover", recording)
    assert result.exit_code == 1
    assert "no frame is whole" in one_line(result)
    assert everything(recording.parent) == before


def test_a_damaged_log_is_left_alone(rectool, two_frames):
    path, second = two_frames
    data = bytearray(path.read_bytes())
    data[second - 100] ^= 1
    path.write_bytes(data)
    before = everything(path.parent)
    for args in ([], ["--out", path.with_name("out.jsonl.zst")]):
        result = rectool("recover", path, *args)
        assert result.exit_code == 1
        assert "damaged at byte 0" in one_line(result)
        assert everything(path.parent) == before


def test_out_leaves_the_log_as_it_is(rectool, growing):
    growing.write_bytes(six_lines.TAIL[:-3])
    out = growing.with_name("out.jsonl.zst")
    found = recovered(rectool, growing, "--out", out)
    assert found["kept"] == 6
    assert found["torn_path"].startswith(str(growing.with_name("out.torn-")))
    assert growing.read_bytes() == six_lines.TAIL[:-3]
    assert lines_of(out) == six_lines.LINES


def test_out_never_replaces_a_file(rectool, growing, recording):
    before = everything(growing.parent)
    result = rectool("recover", growing, "--out", recording)
    assert result.exit_code == 1
    assert "is there already" in one_line(result)
    assert everything(growing.parent) == before


def test_bytes_put_aside_earlier_are_never_replaced(rectool, growing):
    for cut in (3, 4):
        growing.write_bytes(six_lines.TAIL[:-cut])
        found = recovered(rectool, growing)
    assert found["torn_path"].endswith("~2")


def test_a_body_whose_lock_is_held_is_left_alone(rectool, recording):
    data = recording.read_bytes()[:-20]
    recording.write_bytes(data)
    with closing(RealDisk().lock(recording.with_name("race.lock"))):
        result = rectool("recover", recording)
        assert result.exit_code == 1
        assert "another process writes this log" in one_line(result)
    assert recording.read_bytes() == data
    assert recovered(rectool, recording)["kept"] == 618


def test_people_are_told_where_the_cut_bytes_are(rectool, growing):
    growing.write_bytes(six_lines.TAIL[:-3])
    assert "bytes cut, kept in" in rectool("recover", growing).stdout
    assert rectool("recover", growing).stdout.endswith("6 events, nothing to cut\n")
