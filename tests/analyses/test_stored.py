"""Stored analyses: all of one, or the one before; and what is otherwise in the next."""

import errno
from pathlib import Path
from random import Random

import msgspec
import pytest
import zstandard

from livetiming.analyses import (
    analysis_path,
    difference,
    read_head,
    read_stored,
    remove_stored,
    write_stored,
)
from livetiming.analyses.stored import Stored
from livetiming.errors import LogError, LogFailed
from livetiming.events import SessionId
from livetiming.events.log import RealDisk
from tests.events.log.simulated_disk import PowerLoss, SimulatedDisk

FOLDER = Path("/analyses")
PATH = FOLDER / "s.analysis.json.zst"
SOURCE = {"session": "0" * 32, "seq": 9, "chain": "1" * 16, "at": 5}


def document(version=1, **tables):
    told = {name: {"columns": columns, "rows": rows} for name, (columns, rows) in tables.items()}
    return msgspec.json.encode({"analysis": version, "source": SOURCE, "tables": told})


def files(disk):
    return sorted(str(path) for path in disk.names)


def test_an_analysis_is_called_after_session_and_history():
    session = SessionId("0123456789abcdef0123456789abcdef")
    assert analysis_path(FOLDER, session) == FOLDER / f"{session}.analysis.json.zst"
    assert analysis_path(FOLDER, session, 2) == FOLDER / f"{session}~2.analysis.json.zst"


def test_what_is_written_is_one_frame_of_the_document(tmp_path):
    path = tmp_path / PATH.name
    write_stored(RealDisk(), path, document())
    assert list(tmp_path.iterdir()) == [path]
    frame = path.read_bytes()
    assert zstandard.get_frame_parameters(frame).has_checksum
    assert zstandard.ZstdDecompressor().decompress(frame) == document()
    assert read_head(RealDisk(), path).source.seq == 9
    assert read_stored(RealDisk(), path).tables == {}


@pytest.mark.parametrize("call", ["append", "write", "sync", "rename"])
def test_a_disk_that_refuses_keeps_the_one_before_and_no_half(call):
    disk = SimulatedDisk(Random(1))
    write_stored(disk, PATH, document(1))
    refused = getattr(disk, call, None)

    def refuse(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    if refused is None:
        _refuse_of_files(disk, call, refuse)
    else:
        setattr(disk, call, refuse)
    with pytest.raises(LogFailed, match="No space left on device"):
        write_stored(disk, PATH, document(2))
    assert files(disk) == [str(PATH)]
    assert read_head(disk, PATH).version == 1


def _refuse_of_files(disk, call, refuse):
    """Files that are opened from now on refuse a call."""
    plain = disk.append

    def append(path):
        file = plain(path)
        setattr(file, call, refuse)
        return file

    disk.append = append


def test_what_a_killed_program_left_is_no_hindrance():
    disk = SimulatedDisk(Random(1))
    disk.append(PATH.with_name(PATH.name + ".part")).write(b"half of an earlier one")
    write_stored(disk, PATH, document(2))
    assert files(disk) == [str(PATH)]
    assert read_head(disk, PATH).version == 2


def test_what_is_interrupted_leaves_nothing():
    disk = SimulatedDisk(Random(1))

    def interrupted(*args):
        raise KeyboardInterrupt

    disk.rename = interrupted
    with pytest.raises(KeyboardInterrupt):
        write_stored(disk, PATH, document())
    assert files(disk) == []


def test_a_loss_of_power_at_any_moment_leaves_the_new_one_or_the_one_before():
    rows = [["1", number] for number in range(3000)]
    newer = document(2, laps=(["car", "lap"], rows))
    versions = set()
    for seed in range(20):
        for number in range(1, 12):
            disk = SimulatedDisk(Random(seed))
            write_stored(disk, PATH, document(1))
            disk.power_lost_at = disk.changing_calls + number
            try:
                write_stored(disk, PATH, newer)
            except PowerLoss:
                disk = disk.after_power_loss(Random(seed))
            found = read_stored(disk, PATH)
            assert found.version == 1 or found.tables["laps"].rows == rows
            versions.add(found.version)
    assert versions == {1, 2}


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"not zstd at all", zstandard.compress(b"no json"), zstandard.compress(b"{}")],
)
def test_what_is_no_analysis_is_told_by_its_name(tmp_path, content):
    path = tmp_path / PATH.name
    path.write_bytes(content)
    with pytest.raises(LogError, match=f"{path}: is no stored analysis"):
        read_head(RealDisk(), path)


def test_a_flipped_bit_is_found(tmp_path):
    path = tmp_path / PATH.name
    write_stored(RealDisk(), path, document(laps=(["car", "lap"], [["1", n] for n in range(99)])))
    whole = path.read_bytes()
    for place in range(4, len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            found = read_stored(RealDisk(), path)
        except LogError:
            continue
        assert found.tables["laps"].rows[-1] == ["1", 98], place


def test_one_that_declares_too_much_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr("livetiming.analyses.stored.MAX_CONTENT", 10)
    path = tmp_path / PATH.name
    write_stored(RealDisk(), path, document())
    with pytest.raises(LogError, match="it declares"):
        read_stored(RealDisk(), path)


def test_taking_away_what_is_not_there_is_nothing():
    disk = SimulatedDisk(Random(1))
    remove_stored(disk, PATH)
    write_stored(disk, PATH, document())
    remove_stored(disk, PATH)
    assert files(disk) == []


# --- differences


def stored(version=1, columns=("car", "lap", "time_us", "known_at", "withdrawn_at"), rows=()):
    text = document(version, laps=(columns, rows))
    return msgspec.json.decode(text, type=Stored)


def test_everything_is_new_where_there_was_none():
    found = difference(None, stored(rows=[["1", 1, 5, 0, None], ["1", 2, 6, 0, None]]))
    assert (found.laps.added, found.laps.removed, found.laps.changed) == (2, 0, 0)
    assert not found.cars
    assert not found.stops


def test_rows_that_came_went_and_are_otherwise_are_counted():
    before = stored(rows=[["1", 1, 5, 0, None], ["1", 2, 6, 0, None], ["1", 3, 7, 0, None]])
    after = stored(rows=[["1", 1, 5, 9, None], ["1", 2, 8, 0, None], ["2", 1, 7, 0, None]])
    found = difference(before, after)
    assert (found.laps.added, found.laps.removed, found.laps.changed) == (1, 1, 1)


def test_a_row_that_was_withdrawn_is_gone():
    before = stored(rows=[["1", 1, 5, 0, None]])
    found = difference(before, stored(rows=[["1", 1, 5, 0, 4], ["1", 1, 6, 4, None]]))
    assert (found.laps.added, found.laps.removed, found.laps.changed) == (0, 0, 1)
    found = difference(before, stored(rows=[["1", 1, 5, 0, 4]]))
    assert (found.laps.added, found.laps.removed, found.laps.changed) == (0, 1, 0)


def test_a_column_that_only_one_of_them_has_changes_no_row():
    before = stored(rows=[["1", 1, 5, 0, None]])
    after = stored(2, ("car", "lap", "tyre", "time_us"), [["1", 1, "M", 5]])
    assert not difference(before, after)
