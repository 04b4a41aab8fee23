"""Lap-by-lap files as a timing company published them: the analysis says what they say."""

import csv
from collections import Counter
from itertools import pairwise

import pytest

from livetiming.racing import Flag
from tests.projections.recordings import DATA, analysed, by_car, imported, needs_captures

FUJI, IMOLA = "wec_2024_fuji_6h.csv", "wec_2025_imola_6h.csv"
FILES = [FUJI, IMOLA, "sprint_33min.csv"]
KNOWN = {FUJI: (7042, 36, 106, 251, 98, "6", 213), IMOLA: (7044, 36, 103, 244, 80, "51", 212)}
FLAGS = {"GF": Flag.GREEN, "YF": Flag.YELLOW, "FCY": Flag.FCY, "SF": Flag.SC, "SC": Flag.SC,
         "RF": Flag.RED, "FF": Flag.CHEQUERED}  # fmt: skip

pytestmark = needs_captures


@pytest.fixture(scope="module")
def of(tmp_path_factory):
    """Each file is imported and folded once."""
    made = {}

    def race(name):
        if name not in made:
            (log,) = imported("alkamel", tmp_path_factory.mktemp("logs"), f"alkamel/{name}")
            made[name] = analysed(log)
        return made[name]

    return race


def rows_of(name):
    with (DATA / "alkamel" / name).open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        header = [column.strip() for column in next(rows)]
        return [dict(zip(header, row, strict=True)) for row in rows]


def us(text):
    whole, _, fraction = text.partition(".")
    seconds = 0
    for part in whole.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1_000_000 + int(fraction.ljust(6, "0"))


@pytest.mark.parametrize("name", FILES)
def test_every_lap_has_the_time_the_driver_and_the_sectors_of_the_file(of, name):
    told = {
        (row["NUMBER"], int(row["LAP_NUMBER"])): (
            us(row["LAP_TIME"]),
            row["DRIVER_NAME"],
            *(us(row[sector]) if row[sector] else None for sector in ("S1", "S2", "S3")),
        )
        for row in rows_of(name)
    }
    found = {
        (lap.car, lap.lap): (lap.time_us, lap.driver, lap.s1_us, lap.s2_us, lap.s3_us)
        for lap in of(name).typed("laps")
    }
    assert found == told
    assert not of(name).base["laps"].withdrawn


@pytest.mark.parametrize("name", FILES)
def test_every_lap_has_the_flag_that_was_shown_at_the_line(of, name):
    told = {(row["NUMBER"], int(row["LAP_NUMBER"])): row.get("FLAG_AT_FL") for row in rows_of(name)}
    for lap in of(name).typed("laps"):
        flag = told[lap.car, lap.lap]
        assert flag is None or lap.flag == FLAGS[flag]


@pytest.mark.parametrize("name", KNOWN)
def test_flags_have_the_laps_that_the_winner_completed_under_them(of, name):
    winner = KNOWN[name][5]
    told = Counter(FLAGS[row["FLAG_AT_FL"]] for row in rows_of(name) if row["NUMBER"] == winner)
    shares = {share.flag: share.laps for share in of(name).typed("flag_shares")}
    assert sum(shares.values()) == KNOWN[name][6]
    assert abs(shares[Flag.GREEN] - told[Flag.GREEN]) <= 3, "others led some of the laps"


@pytest.mark.parametrize("name", FILES)
def test_every_crossing_in_the_pit_lane_is_an_in_lap_and_a_stop(of, name):
    told = {
        (row["NUMBER"], int(row["LAP_NUMBER"]))
        for row in rows_of(name)
        if row["CROSSING_FINISH_LINE_IN_PIT"] == "B"
    }
    assert {(lap.car, lap.lap) for lap in of(name).typed("laps") if lap.in_lap} == told
    stops = of(name).typed("stops")
    assert sorted((stop.car, stop.lap) for stop in stops) == sorted(told)
    assert all(stop.lane_us is None for stop in stops), "the file says neither instant"
    out = {(lap.car, lap.lap - 1) for lap in of(name).typed("laps") if lap.out_lap}
    driven = laps_of(name)
    assert out == {(car, lap) for car, lap in told if (car, lap + 1) in driven}


def laps_of(name):
    return {(row["NUMBER"], int(row["LAP_NUMBER"])) for row in rows_of(name)}


@pytest.mark.parametrize("name", FILES)
def test_every_driver_change_is_one_between_two_stints_and_in_a_stop(of, name):
    told = []
    drivers = {}
    for row in rows_of(name):
        car, driver = row["NUMBER"], row["DRIVER_NAME"]
        if drivers.get(car, driver) != driver:
            told.append((car, int(row["LAP_NUMBER"]), drivers[car], driver))
        drivers[car] = driver
    stints = by_car(of(name).typed("stints"))
    found = [
        (car, after.from_lap, before.driver, after.driver)
        for car, each in stints.items()
        for before, after in pairwise(each)
        if before.driver != after.driver
    ]
    assert sorted(found) == sorted(told)
    stops = of(name).typed("stops")
    changed = [s for s in stops if s.driver_out is not None and s.driver_in != s.driver_out]
    expected = [(car, lap - 1, before, after) for car, lap, before, after in told]
    assert sorted((s.car, s.lap, s.driver_in, s.driver_out) for s in changed) == sorted(expected)


@pytest.mark.parametrize("name", KNOWN)
def test_a_race_of_six_hours_has_its_known_numbers(of, name):
    laps, cars, drivers, in_pit, changes, winner, winner_laps = KNOWN[name]
    analysis = of(name)
    assert len(analysis.typed("laps")) == laps
    assert len(by_car(analysis.typed("laps"))) == cars
    assert len(analysis.typed("drivers")) == drivers
    assert len(analysis.typed("stops")) == in_pit
    assert sum(s.driver_out not in (None, s.driver_in) for s in analysis.typed("stops")) == changes
    first = analysis.typed("classification")[0]
    assert (first.car, first.laps) == (winner, winner_laps)
