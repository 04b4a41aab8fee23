"""The timing service while the wall clock jumps; and replay, which equals live."""

from itertools import pairwise

import pytest

from livetiming.events import (
    state_hash,
)
from tests.services.stage import (
    START_AT,
    Stage,
    going_on,
    hashes,
    hashing,
    kinds,
    laps,
    last,
    message,
    seen,
)

RUNS = pytest.mark.parametrize


def jumps(folder, wall):
    """A session whose wall clock is set between any two frames."""
    folder.mkdir()
    stage = Stage(folder, seed=3, wall_at=wall(0)).start()
    for n in range(40):
        stage.wall_at = wall(n)
        stage.frame(*[seen("1")] * (n == 0), laps(n), message(n), wait_s=30)
    stage.stop()
    return stage


CLOCKS = {
    "an hour ahead": lambda n: START_AT + 3_600_000 * (n > 10),
    "an hour back": lambda n: START_AT - 3_600_000 * (n > 10),
    "1970": lambda n: 0 if n > 10 else START_AT,
    "back and forth": lambda n: START_AT + (-1) ** n * 3_600_000,
    "slewed": lambda n: START_AT + n * 250,
}


@RUNS("name", CLOCKS)
def test_a_jump_of_the_clock_changes_nothing(tmp_path, name):
    quiet = jumps(tmp_path / "quiet", lambda n: START_AT)
    jumped = jumps(tmp_path / "jumped", CLOCKS[name])
    ats = [event.at for event in jumped.events()]
    assert ats == sorted(ats)
    assert [(e.at - ats[0]) for e in jumped.events()] == [
        e.at - quiet.events()[0].at for e in quiet.events()
    ]
    assert kinds(jumped.events()) == kinds(quiet.events())


@RUNS("zone", ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "UTC"])
@RUNS("day", [1_774_746_000_000, 1_792_889_400_000])
def test_the_change_to_summer_time_and_back_changes_nothing(tmp_path, monkeypatch, zone, day):
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        stage = jumps(tmp_path / "x", lambda n: day)
    finally:
        monkeypatch.undo()
        time.tzset()
    ats = [event.at for event in stage.events()]
    assert ats[0] == day
    assert max(b - a for a, b in pairwise(ats)) <= 30_050


@RUNS("jump_s", [-3600, 3600, -START_AT // 1000])
def test_a_restart_after_a_jump_of_the_clock_goes_on_in_order(stage, jump_s):
    stage.frame(seen(), laps(1))
    stage.service.restart()
    later = going_on(stage)
    later.wall_at += jump_s * 1000
    later.start()
    later.frame(seen(), laps(2))
    later.stop()
    ats = [event.at for event in later.events()]
    assert ats == sorted(ats)
    writers = [w for e in later.events() if (w := getattr(e.payload, "writer", None)) is not None]
    assert writers == sorted(set(writers))


# replay


def test_replay_equals_live_at_every_event(tmp_path):
    with hashing() as live:
        stage = Stage(tmp_path).start()
        for n in range(300):
            stage.frame(*[seen("1")] * (n == 0), laps(n), message(n), wait_s=3)
        stage.frame(seen("2"), laps(0))
        stage.stop()
    assert len(live) == 2
    for session, told in live.items():
        assert hashes(tmp_path / session) == told
        assert state_hash(last(tmp_path / session).state) == told[-1]
