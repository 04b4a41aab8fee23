"""Captures of real sessions: what the analysis says is what is known of them."""

import json

import pytest

from livetiming.racing import Flag
from tests.projections.recordings import DATA, analysed, by_car, imported, needs_captures

ATLANTA = "nascar/2023/lap-time-example.json"
SEBRING = "rmonitor/sebring_2009/alms_session_4.txt"

pytestmark = needs_captures


@pytest.fixture(scope="module")
def atlanta(tmp_path_factory):
    (log,) = imported("nascar", tmp_path_factory.mktemp("logs"), ATLANTA)
    return analysed(log)


@pytest.fixture(scope="module")
def sebring(tmp_path_factory):
    logs = imported("rmonitor", tmp_path_factory.mktemp("logs"), SEBRING)
    folded = [analysed(log) for log in logs]
    return max(folded, key=lambda analysis: len(analysis.base["laps"]))


def entries():
    """The cars of the document; its first line is where it came from."""
    _, _, document = (DATA / ATLANTA).read_text("utf-8-sig").partition("\n")
    return json.loads(document)["laps"]


def test_atlanta_has_every_lap_of_every_car(atlanta):
    told = {
        (entry["Number"], lap["Lap"]): round(lap["LapTime"] * 1_000_000)
        for entry in entries()
        for lap in entry["Laps"]
        if lap["Lap"] > 0 and lap["LapTime"]
    }
    found = {(lap.car, lap.lap): lap.time_us for lap in atlanta.typed("laps")}
    assert len(by_car(atlanta.typed("laps"))) == 38
    assert {car: us for car, us in found.items() if us != told.get(car)} == {}
    assert found.keys() == told.keys()
    completed = {(row.car, row.lap) for row in atlanta.typed("positions")}
    assert completed == {
        (entry["Number"], lap["Lap"])
        for entry in entries()
        for lap in entry["Laps"]
        if lap["Lap"] > 0
    }


def test_atlanta_was_won_by_21_with_67_laps_under_caution(atlanta):
    first = atlanta.typed("classification")[0]
    assert (first.num, first.laps) == ("21", 163)
    shares = {share.flag: share.laps for share in atlanta.typed("flag_shares")}
    assert shares[Flag.CAUTION] == 67


def test_sebring_has_its_order_and_its_best_laps(sebring):
    first = sebring.typed("classification")
    assert [(each.car, each.laps) for each in first[:3]] == [("40", 47), ("92", 43), ("15", 41)]
    bests = sorted((each.best_us, each.num) for each in first if each.best_us)
    assert bests[:3] == [(104_811_000, "66"), (106_542_000, "15"), (107_925_000, "9")]
    (best,) = (b for b in sebring.typed("bests") if b.class_ is None and b.what == "lap")
    assert (best.car, best.lap, best.time_us) == ("66", 19, 104_811_000)


def test_laps_that_sebring_took_back_are_taken_back(sebring):
    """Car 44 had 29 laps, then 28, then 27, and then completed its 29th."""
    laps = sebring.base["laps"]
    taken = [laps.rows[number] for number in laps.withdrawn if laps.rows[number].car == "44"]
    assert sorted(lap.lap for lap in taken) == [28, 29]
    at = max(laps.withdrawn[number] for number in laps.withdrawn if laps.rows[number].car == "44")
    assert max(lap.lap for lap in sebring.typed("laps", at) if lap.car == "44") == 27
    for car, rows in by_car(sebring.typed("positions")).items():
        assert sorted(row.lap for row in rows) == sorted({row.lap for row in rows}), car


@pytest.mark.parametrize(
    ("name", "fastest"),
    [
        (
            "f1/silverstone_2024_fp1",
            [("4", 87_420_000), ("18", 87_554_000), ("81", 87_631_000)],
        ),
        (
            "f1/silverstone_2020_fp2_archive",
            [("44", 85_606_000), ("77", 85_782_000), ("3", 86_421_000)],
        ),
    ],
)
def test_a_practice_of_formula_1_has_its_fastest_laps(tmp_path, name, fastest):
    (log,) = imported("f1", tmp_path, name)
    analysis = analysed(log)
    first = analysis.typed("classification")
    assert [(each.num, each.best_us) for each in first[:3]] == fastest
