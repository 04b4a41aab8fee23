"""Stored documents: which they are, of which race and when."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from livetiming.errors import BadCapture
from livetiming.services import CaptureHints
from livetiming.services.nascar import PLUGIN
from livetiming.services.nascar.captures import read_captures
from livetiming.services.nascar.protocol import NascarParser
from livetiming.services.nascar.stored import read_stored
from livetiming.testing import Followed
from livetiming.units import parse_instant
from tests.services.nascar.feed import flag, frame, look, pit, vehicle

HINTS = CaptureHints(None, ZoneInfo("UTC"))
HOST = "https://example.org/"


def stored(folder, name, document, address="", *, after=False):
    text = json.dumps(document, indent=1)
    if address:
        line = f"{HOST}{address}.json"
        text = f"{text}\nSource: {line}" if after else f"{line}\n\n{text}"
    (folder / name).write_text("\ufeff" + text, encoding="utf-8")
    return folder / name


def lap_times(last=2, **drivers):
    """Lap times; each driver's number and id are equal."""
    laps = [{"Lap": n, "LapTime": 30.0 if n else None, "RunningPos": 1} for n in range(last + 1)]
    entries = [
        {
            "Number": number[1:],
            "NASCARDriverID": id_,
            "FullName": number,
            "RunningPos": place,
            "Laps": laps,
        }
        for place, (number, id_) in enumerate(drivers.items(), start=1)
    ]
    return {"laps": entries, "flags": [{"LapsCompleted": last, "FlagState": 4}]}


def weekend(race, *drivers, **fields):
    return {
        "weekend_race": [
            {
                "race_id": race,
                "series_id": 2,
                "race_name": f"Race {race}",
                "results": [{"driver_id": d} for d in drivers],
            }
            | fields
        ],
        "weekend_runs": [],
    }


def logs(*paths, hints=HINTS):
    return Followed(PLUGIN, "nascar", NascarParser()).read(read_captures(paths, hints)).logs


@pytest.mark.parametrize("after", [True, False])
def test_the_address_may_stand_before_or_after_the_document(tmp_path, after):
    path = stored(
        tmp_path,
        "x.json",
        [pit("1", 5.0, 6.0)],
        "cacher/live/series_2/5314/live-pit-data",
        after=after,
    )
    found = read_stored(path)
    assert found.address == ("live-pit-data", 2, 5314)
    assert json.loads(found.text) == [pit("1", 5.0, 6.0)]


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (look(), "live-feed"),
        ([pit("1", 5.0, 6.0)], "live-pit-data"),
        ([flag(1, 0.0, 0)], "live-flag-data"),
        ({"FlagStates": []}, "live-flag-data"),
        (lap_times(), "lap-times"),
        (weekend(5), "weekend-feed"),
    ],
)
def test_a_document_without_an_address_is_known_by_its_form(tmp_path, document, kind):
    assert read_stored(stored(tmp_path, "x.json", document)).address.document == kind


def test_an_address_that_does_not_fit_the_document_is_not_believed(tmp_path):
    path = stored(tmp_path, "x.json", look(), "cacher/live/series_2/5314/live-pit-data")
    assert read_stored(path).address == ("live-feed", None, None)


def test_laps_are_of_the_race_of_their_weekend_if_their_drivers_were_in_it(tmp_path):
    laps = stored(tmp_path, "laps.json", lap_times(n6=1, n7=2))
    other = stored(tmp_path, "other.json", weekend(8, 1, 3))
    assert logs(laps, other)[0].state.described.key is None
    own = stored(tmp_path, "own.json", weekend(9, 1, 2, 3))
    described = logs(laps, other, own)[0].state.described
    assert (described.key, described.description) == ("9", "Race 9")
    assert described.name == "NASCAR Xfinity Series"


def test_the_weekend_of_another_race_says_nothing(tmp_path):
    laps = stored(tmp_path, "laps.json", lap_times(n6=1), "cacher/2023/2/5314/lap-times")
    other = stored(tmp_path, "other.json", weekend(5274, 1), "cacher/2023/1/5274/weekend-feed")
    described = logs(laps, other)[0].state.described
    assert (described.key, described.description) == ("5314", "Race")


def test_a_race_begins_when_its_weekend_says(tmp_path):
    laps = stored(tmp_path, "laps.json", lap_times(n6=1), "cacher/2023/2/9/lap-times")
    schedule = [
        {"run_type": 2, "start_time_utc": "2023-03-18T15:00:00"},
        {"run_type": 3, "start_time_utc": "2023-03-18T21:00:00"},
    ]
    planned = stored(tmp_path, "w.json", weekend(9, 1, schedule=schedule))
    assert logs(laps, planned)[0].events[0].at == parse_instant("2023-03-18T21:00:00Z")


def test_a_race_without_a_date_begins_on_the_day_that_the_user_says(tmp_path):
    laps = stored(tmp_path, "laps.json", lap_times(n6=1))
    hints = CaptureHints(date(2023, 3, 18), ZoneInfo("America/New_York"))
    assert logs(laps, hints=hints)[0].events[0].at == parse_instant("2023-03-18T04:00:00Z")
    assert logs(laps)[0].events[0].at == parse_instant("2000-01-01T00:00:00Z")


def test_a_look_without_a_date_has_its_time_of_day_on_that_day(tmp_path):
    old = look(vehicle("6", 1), time_of_day=3600.5)
    del old["time_of_day_os"]
    hints = CaptureHints(date(2014, 7, 1), ZoneInfo("America/New_York"))
    (log,) = logs(stored(tmp_path, "x.json", old), hints=hints)
    assert log.events[0].at == parse_instant("2014-07-01T05:00:00.500Z")


def test_flags_that_name_no_race_are_of_the_race_with_their_last_lap(tmp_path):
    one = stored(tmp_path, "1.json", lap_times(2, n6=1), "cacher/2023/2/1/lap-times")
    two = stored(tmp_path, "2.json", lap_times(3, n6=1), "cacher/2023/2/2/lap-times")
    flags = stored(tmp_path, "f.json", [flag(2, 40.0, 1, "Spin"), flag(4, 95.0, 3)])
    told = {
        log.state.described.key: [
            m.text for m in log.state.messages if m.category == "Race control"
        ]
        for log in logs(one, two, flags)
    }
    assert told == {"1": [], "2": ["Spin"]}


def test_stops_that_name_no_race_are_of_the_only_one(tmp_path):
    stored(tmp_path, "laps.json", lap_times(n6=1), "cacher/2023/2/1/lap-times")
    stored(tmp_path, "stops.json", [pit("6", 40.0, 50.0)])
    (tmp_path / "notes.txt").write_text("no JSON")
    (log,) = logs(tmp_path)
    assert log.state.cars["6"]["pits"] == 1


def test_laps_without_a_time_are_completed_all_the_same(tmp_path):
    document = lap_times(2, n6=1)
    del document["laps"][0]["Laps"][1]["LapTime"]
    (log,) = logs(stored(tmp_path, "laps.json", document))
    told = [(e.payload.lap, e.payload.lap_us) for e in log.events if hasattr(e.payload, "lap")]
    assert told == [(1, None), (2, 30_000_000)]


def test_a_whole_document_of_laps_gives_the_same_end_as_its_parts(tmp_path):
    document = lap_times(3, n6=1, n7=2)
    (log,) = logs(stored(tmp_path, "laps.json", document, "cacher/2023/2/1/lap-times"))
    at_once = NascarParser()
    list(at_once.receive(frame(document, 0, "cacher/2023/2/1/lap-times")))
    assert at_once.picture().cars == log.state.cars
    assert at_once.picture().order == log.state.order


@pytest.mark.parametrize("text", ["", "no JSON", "[1,2]", '{"a":1}', "\x00\xff"])
def test_what_is_no_document_of_a_race_is_refused_by_name(tmp_path, text):
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadCapture, match="expected stored documents of a race"):
        list(read_captures([tmp_path / "x.json"], HINTS))


def test_an_empty_folder_is_refused_by_name(tmp_path):
    with pytest.raises(BadCapture, match="expected stored documents of a race"):
        list(read_captures([tmp_path], HINTS))


def test_stops_that_may_be_of_two_races_are_told_as_that(tmp_path):
    stored(tmp_path, "1.json", lap_times(2, n6=1), "cacher/2023/2/1/lap-times")
    stored(tmp_path, "2.json", lap_times(2, n6=1), "cacher/2023/2/2/lap-times")
    stored(tmp_path, "stops.json", [pit("6", 40.0, 50.0)])
    found = Followed(PLUGIN, "nascar", NascarParser()).read(read_captures([tmp_path], HINTS))
    assert found.told == ["unknown document: 'stops.json of one of several races'"]
    assert [log.state.cars["6"]["pits"] for log in found.logs] == [0, 0]
