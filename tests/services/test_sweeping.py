"""Old logs of a service go when they are closed and recorded; no other does."""

import pytest

from livetiming.events import SessionId
from livetiming.events.log import RealDisk, open_log
from livetiming.services.recorded import note_recorded, recorded_path
from livetiming.services.sweeping import DAY_MS, sweep
from tests.services.stage import Stage, laps, last, seen

DISK = RealDisk()


def log(folder, *, closed=True, recorded=True):
    stage = Stage(folder).start()
    stage.frame(seen(), laps(1))
    if closed:
        stage.stop()
    else:
        stage.service.restart()
    session = SessionId(stage.sessions()[0])
    if recorded:
        note_recorded(DISK, folder, session, last(folder / session).place)
    return session, last(folder / session).at


def test_an_old_log_that_is_closed_and_recorded_goes_with_its_note(tmp_path):
    session, at = log(tmp_path)
    assert sweep(DISK, tmp_path, at + 7 * DAY_MS - 1, 7) == []
    assert sweep(DISK, tmp_path, at + 7 * DAY_MS, 7) == [session]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("closed", "recorded"), [(True, False), (False, True), (False, False)], ids=str
)
def test_a_log_that_is_not_closed_and_recorded_stays_for_ever(tmp_path, closed, recorded):
    session, at = log(tmp_path, closed=closed, recorded=recorded)
    assert sweep(DISK, tmp_path, at + 7000 * DAY_MS, 7) == []
    assert last(tmp_path / session).at == at


def test_a_log_that_went_on_since_it_was_recorded_stays(tmp_path):
    session, at = log(tmp_path)
    later = Stage(tmp_path, seed=3, initial=tmp_path / session).start()
    later.stop()
    assert sweep(DISK, tmp_path, at + 7000 * DAY_MS, 7) == []


def test_a_log_that_is_written_stays(tmp_path):
    session, at = log(tmp_path)
    opened = open_log(DISK, tmp_path, session).log
    assert sweep(DISK, tmp_path, at + 7000 * DAY_MS, 7) == []
    opened.close()


def test_a_log_that_cannot_be_read_stays_and_is_in_nobodys_way(tmp_path, said):
    session, at = log(tmp_path)
    other = SessionId("a" * 32)
    (tmp_path / f"{other}.jsonl").write_bytes(b'{"type":"snapshot","junk"\n{"type":"mark",')
    recorded_path(tmp_path, other).write_bytes(b"x")
    assert sweep(DISK, tmp_path, at + 8 * DAY_MS, 7) == [session]
    assert (tmp_path / f"{other}.jsonl").exists()
    assert [level for level, text in said if other in text] == ["error"]


def test_the_directory_s_own_log_is_no_session_s(tmp_path):
    session, at = log(tmp_path)
    own = SessionId("0" * 31 + "1")
    for ending in (".jsonl", ".recorded"):
        (tmp_path / f"{session}{ending}").rename(tmp_path / f"{own}{ending}")
    assert sweep(DISK, tmp_path, at + 8 * DAY_MS, 7) == []


def test_a_folder_that_is_not_there_is_said(tmp_path, said):
    assert sweep(DISK, tmp_path / "none", 0, 7) == []
    assert [level for level, _ in said] == ["error"]
