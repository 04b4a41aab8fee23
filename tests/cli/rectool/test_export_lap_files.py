"""Lap-by-lap files of real races, imported and exported: the CSV says what the file says."""

import csv
import json
from itertools import pairwise

import pytest
from click.testing import CliRunner

from livetiming.cli.rectool import main
from tests.projections.recordings import DATA, imported, needs_captures

FILES = ["wec_2024_fuji_6h.csv", "wec_2025_imola_6h.csv", "sprint_33min.csv"]
KNOWN = {FILES[0]: ("6", 213, 7042), FILES[1]: ("51", 212, 7044)}

pytestmark = needs_captures


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Gives the log of a file and the folder of its tables; each is made once."""
    made = {}

    def race(name):
        if name not in made:
            folder = tmp_path_factory.mktemp("logs")
            (log,) = imported("alkamel", folder, f"alkamel/{name}")
            args = ["export", str(log), "--to", "csv", "--table", "all", "--out", str(folder / "x")]
            assert CliRunner().invoke(main, args).exit_code == 0
            made[name] = log, folder / "x"
        return made[name]

    return race


def table(exported, name, which):
    with (exported(name)[1] / f"{which}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
    return str(seconds * 1_000_000 + int(fraction.ljust(6, "0")))


@pytest.mark.parametrize("name", FILES)
def test_every_lap_is_the_file_s(exported, name):
    told = {
        (row["NUMBER"], row["LAP_NUMBER"]): (
            us(row["LAP_TIME"]),
            row["DRIVER_NAME"],
            row["CLASS"],
            row["TEAM"],
            *(us(row[sector]) if row[sector] else "" for sector in ("S1", "S2", "S3")),
            "true" if row["CROSSING_FINISH_LINE_IN_PIT"] == "B" else "false",
        )
        for row in rows_of(name)
    }
    columns = ("time_us", "driver", "class", "team", "s1_us", "s2_us", "s3_us", "in_lap")
    laps = table(exported, name, "laps")
    found = {(lap["num"], lap["lap"]): tuple(lap[c] for c in columns) for lap in laps}
    assert len(found) == len(laps)
    assert found == told


@pytest.mark.parametrize("name", FILES)
def test_every_crossing_in_the_pit_lane_is_a_stop(exported, name):
    told = [
        (row["NUMBER"], row["LAP_NUMBER"])
        for row in rows_of(name)
        if row["CROSSING_FINISH_LINE_IN_PIT"] == "B"
    ]
    stops = table(exported, name, "stops")
    assert sorted((stop["num"], stop["lap"]) for stop in stops) == sorted(told)


@pytest.mark.parametrize("name", FILES)
def test_every_driver_has_the_laps_of_the_file(exported, name):
    told: dict = {}
    for row in rows_of(name):
        key = row["NUMBER"], row["DRIVER_NAME"]
        told[key] = told.get(key, 0) + 1
    drivers = table(exported, name, "drivers")
    assert {(d["num"], d["driver"]): int(d["laps"]) for d in drivers} == told


@pytest.mark.parametrize("name", FILES)
def test_every_driver_change_is_one_between_two_stints(exported, name):
    told, last = [], {}
    for row in rows_of(name):
        car, driver = row["NUMBER"], row["DRIVER_NAME"]
        if last.get(car, driver) != driver:
            told.append((car, row["LAP_NUMBER"], driver))
        last[car] = driver
    found = [
        (after["num"], after["from_lap"], after["driver"])
        for before, after in pairwise(table(exported, name, "stints"))
        if before["car"] == after["car"] and before["driver"] != after["driver"]
    ]
    assert sorted(found) == sorted(told)


@pytest.mark.parametrize("name", KNOWN)
def test_the_winner_and_its_laps_are_known(exported, name):
    winner, laps, all_laps = KNOWN[name]
    log, _ = exported(name)
    document = json.loads(CliRunner().invoke(main, ["analyse", str(log), "--json"]).stdout)
    classification = document["tables"]["classification"]
    first = dict(zip(classification["columns"], classification["rows"][0], strict=True))
    assert (first["num"], first["laps"]) == (winner, laps)
    assert len(table(exported, name, "laps")) == all_laps
