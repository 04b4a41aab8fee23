"""Lap-by-lap files of real races, which are no part of the project: known answers.

They are asked of the log that an import makes, and of the file only to compare.
"""

import csv
import os
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from livetiming.events import Changed, Passed
from tests.services.alkamel.imports import imported
from tests.services.stage import events, last

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("LIVETIMING_DATA", ROOT.parent / "shared" / "data")) / "alkamel"
FUJI, IMOLA = "wec_2024_fuji_6h.csv", "wec_2025_imola_6h.csv"
SPRINT = "sprint_33min.csv"
FILES = [FUJI, IMOLA, SPRINT]

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no captures in {DATA}: set LIVETIMING_DATA to the folder of them"
)


class Race(NamedTuple):
    """A file, and the log of it."""

    rows: list
    events: list
    state: object
    reported: list

    @property
    def passed(self):
        return [event.payload for event in self.events if isinstance(event.payload, Passed)]


@pytest.fixture(scope="module")
def races(tmp_path_factory):
    """Each file is imported once."""
    made = {}

    def race(name):
        if name not in made:
            (log,), reported = imported([DATA / name], tmp_path_factory.mktemp("logs"))
            made[name] = Race(rows_of(DATA / name), list(events(log)), last(log).state, reported)
        return made[name]

    return race


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        header = [name.strip() for name in next(rows)]
        return [dict(zip(header, row, strict=True)) for row in rows]


def us(text):
    whole, _, fraction = text.partition(".")
    seconds = 0
    for part in whole.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1_000_000 + int(fraction.ljust(6, "0"))


def plain(cell):
    return cell[0] if isinstance(cell, tuple) else cell


def driver_changes(passed):
    drivers, changes = {}, 0
    for each in passed:
        changes += drivers.get(each.car, each.driver) != each.driver
        drivers[each.car] = each.driver
    return changes


@pytest.mark.parametrize(
    ("file", "laps", "cars", "drivers", "in_pit", "changes", "winner"),
    [
        (FUJI, 7_042, 36, 106, 251, 98, ("6", 213)),
        (IMOLA, 7_044, 36, 103, 244, 80, ("51", 212)),
        (SPRINT, 343, 20, 20, 3, 0, ("16", 18)),
    ],
)
def test_a_race_has_as_much_in_its_log_as_in_its_file(
    races, file, laps, cars, drivers, in_pit, changes, winner
):
    race = races(file)
    passed = race.passed
    assert len(passed) == len({(each.car, each.lap) for each in passed}) == laps
    assert len({each.car for each in passed}) == len(race.state.cars) == cars
    assert len({each.driver for each in passed}) == drivers
    assert sum(each.line == "finish_pit" for each in passed) == in_pit
    assert {each.line for each in passed} == {"finish", "finish_pit"}
    assert driver_changes(passed) == changes
    assert (race.state.order[0], race.state.cars[race.state.order[0]]["laps"]) == winner
    assert race.state.session["laps"] == winner[1]


@pytest.mark.parametrize("file", FILES)
def test_every_row_is_a_crossing_with_its_times(races, file):
    race = races(file)
    told = {(each.car, each.lap): each for each in race.passed}
    for row in race.rows:
        each = told[row["NUMBER"], int(row["LAP_NUMBER"])]
        assert each.lap_us == us(row["LAP_TIME"])
        assert each.total_us == us(row["ELAPSED"])
        assert each.driver == row["DRIVER_NAME"]
        assert (each.line == "finish_pit") == (row["CROSSING_FINISH_LINE_IN_PIT"] == "B")


@pytest.mark.parametrize("file", FILES)
def test_a_race_replays_in_the_order_of_its_crossings(races, file):
    race = races(file)
    start = race.events[0].at
    instants = [(event.at, event.payload) for event in race.events]
    passed = [(at, payload) for at, payload in instants if isinstance(payload, Passed)]
    assert all(before.total_us <= after.total_us for (_, before), (_, after) in pairwise(passed))
    # what arrives within 50 ms is one look, told at the last instant of it
    late = [at - start - payload.total_us / 1000 for at, payload in passed]
    assert all(-1 <= ms < 51 for ms in late)
    assert Counter(payload.car for _, payload in passed) == Counter(
        row["NUMBER"] for row in race.rows
    )


@pytest.mark.parametrize("file", FILES)
def test_laps_of_a_car_have_no_gaps(races, file):
    laps = {}
    for each in races(file).passed:
        laps.setdefault(each.car, []).append(each.lap)
    for numbers in laps.values():
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("file", FILES)
def test_the_bests_at_the_end_are_those_the_file_marks(races, file):
    race = races(file)
    for column, time, mark in [("best", "LAP_TIME", "LAP_IMPROVEMENT")] + [
        (f"bs{n}", f"S{n}", f"S{n}_IMPROVEMENT") for n in (1, 2, 3)
    ]:
        best = {row["NUMBER"]: us(row[time]) for row in race.rows if row[mark] in "23"}
        (of_all,) = [row["NUMBER"] for row in race.rows if row[mark] == "3"]
        shown = {car: cells[column] for car, cells in race.state.cars.items() if column in cells}
        assert {car: plain(cell) for car, cell in shown.items()} == best
        assert [car for car, cell in shown.items() if isinstance(cell, tuple)] == [of_all]


@pytest.mark.parametrize("file", FILES)
def test_there_is_never_more_than_one_session_best(races, file):
    cars, moved = {}, 0
    for event in races(file).events:
        if isinstance(event.payload, Changed):
            for car, cells in event.payload.cars.items():
                cars.setdefault(car, {}).update(cells)
            best = [car for car, cells in cars.items() if isinstance(cells.get("best"), tuple)]
            assert len(best) <= 1
            moved += any("best" in cells for cells in event.payload.cars.values())
    assert moved > 10


@pytest.mark.parametrize("file", FILES)
def test_the_order_at_the_end_is_by_laps_then_time(races, file):
    race = races(file)
    at_the_end = {row["NUMBER"]: row for row in race.rows}
    expected = sorted(
        at_the_end,
        key=lambda car: (-int(at_the_end[car]["LAP_NUMBER"]), us(at_the_end[car]["ELAPSED"])),
    )
    assert race.state.order == expected


@pytest.mark.parametrize("file", FILES)
def test_pits_drivers_and_stops_at_the_end_are_those_of_the_file(races, file):
    race = races(file)
    stops = Counter(row["NUMBER"] for row in race.rows if row["CROSSING_FINISH_LINE_IN_PIT"])
    for car, cells in race.state.cars.items():
        rows = [row for row in race.rows if row["NUMBER"] == car]
        assert cells["pits"] == stops[car]
        assert cells["driver"] == rows[-1]["DRIVER_NAME"]
        times = [us(row["PIT_TIME"]) for row in rows if row["PIT_TIME"]]
        assert cells.get("pit_time") == (times[-1] if times else None)
        finished = rows[-1]["FLAG_AT_FL"] == "FF"
        in_pit = rows[-1]["CROSSING_FINISH_LINE_IN_PIT"] == "B"
        assert cells["state"] == ("fin" if finished else "pit" if in_pit else "run")


@pytest.mark.parametrize(
    ("file", "flags"),
    [
        (FUJI, ["green", "sc", "green", "sc", "green", "fcy", "green", "fcy", "green", "sc"]),
        (IMOLA, ["green", "fcy", "green", "sc", "green", "fcy", "green", "sc", "green"]),
        (SPRINT, ["green", "sc", "green"]),
    ],
)
def test_flags_follow_each_other_as_in_the_file(races, file, flags):
    shown = [
        event.payload.session["flag"]
        for event in races(file).events
        if isinstance(event.payload, Changed) and "flag" in event.payload.session
    ]
    assert shown == flags + (["green"] if file == FUJI else []) + ["chequered"]


@pytest.mark.parametrize("file", FILES)
def test_gaps_on_the_lead_lap_are_differences_of_the_time_elapsed(races, file):
    race = races(file)
    at_the_end = {row["NUMBER"]: row for row in race.rows}
    leader = at_the_end[race.state.order[0]]
    for car in race.state.order[1:]:
        row = at_the_end[car]
        if row["LAP_NUMBER"] == leader["LAP_NUMBER"]:
            expected = us(row["ELAPSED"]) - us(leader["ELAPSED"])
            assert race.state.cars[car]["gap"] == expected


def test_the_winners_margins_are_known(races):
    fuji, imola = races(FUJI).state, races(IMOLA).state
    assert fuji.order[:3] == ["6", "15", "36"]
    assert fuji.cars["15"]["gap"] == 16_601_000
    assert imola.order[:3] == ["51", "20", "36"]
    assert imola.cars["20"]["gap"] == 8_490_000
    assert fuji.session["elapsed"].value_us == 21_632_196_000
    assert not fuji.session["elapsed"].runs


def test_car_numbers_of_imola_keep_their_zeros(races):
    state = races(IMOLA).state
    assert {"007", "009", "7"} <= set(state.cars)
    assert "9" not in state.cars
    assert state.cars["007"]["num"] == "007"
    assert state.cars["007"]["car"] == "Aston Martin"


def test_times_of_day_are_those_of_the_track(races):
    """Imola started at 13:01:25.510, in Rome, two hours before UTC."""
    assert races(IMOLA).events[0].at == 1_745_146_885_510


@pytest.mark.parametrize("file", FILES)
def test_nothing_of_a_file_is_skipped(races, file):
    assert races(file).reported == []
