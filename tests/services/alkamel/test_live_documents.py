"""How single documents of the live feed are read; whole feeds are in the golden files."""

import pytest

from livetiming.events import Clock
from livetiming.services import BadFrame, Strange
from livetiming.services.alkamel.documents import MAX_DOCUMENTS, Documents
from livetiming.services.alkamel.race_control import RaceControl
from livetiming.services.alkamel.standings import read_standings
from livetiming.services.alkamel.status import read_status

AT = 1_750_000_000_000
START = AT // 1000 - 600


def standing(data="1;7;CLASSIFIED;1;5;2;170.1;1749999980000;TRACK;6;", **fields):
    document = {"standings": {"standings": {"1": {"data": data, **fields}}}}
    (only,) = read_standings(document, Strange())
    return only


def status(**fields):
    return read_status(fields, AT, Strange())


def told(strange):
    with pytest.raises(BadFrame) as caught:
        strange.tell()
    return str(caught.value)


@pytest.mark.parametrize(
    ("status_", "on_track", "checkered", "state"),
    [
        ("CLASSIFIED", "TRACK", False, "run"),
        ("CLASSIFIED", "BOX", False, "pit"),
        ("CLASSIFIED", "OUT_LAP", False, "out"),
        ("CLASSIFIED", "STOPPED", False, "stop"),
        ("NOT_CLASSIFIED", "IN_LAP", False, "run"),
        ("CLASSIFIED", "BOX", True, "fin"),
        ("RETIRED", "BOX", False, "ret"),
        ("RETIRED", "TRACK", True, "ret"),
        ("NOT_STARTED", "BOX", False, "ns"),
        ("DISQUALIFIED", "TRACK", True, "dq"),
        ("EXCLUDED", "TRACK", False, "dq"),
        ("classified", "box", False, "pit"),
        ("", "", False, None),
    ],
)
def test_status_and_place_say_what_a_car_does(status_, on_track, checkered, state):
    data = f"1;7;{status_};1;5;2;170.1;1749999980000;{on_track};6;"
    assert standing(data, isCheckered=checkered).state == state


def test_zero_is_no_time():
    assert standing(lastLapTime=0, bestLapTime=0).last_us is None
    assert standing(lastLapTime="91000", bestLapTime=90500.5).best_us == 90_500_500


def test_sectors_are_groups_of_six():
    text = "1;27000;true;false;false;false;2;27500;true;true;true;false;3;0;false;false;false;true;"
    assert standing(currentSectors=text).current == {
        1: (27_000_000, "pb"), 2: (27_500_000, "sb"),
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", ";;;;;;", "x;y;z;", "0;27000;;;;;", "10;27000;;;;;", "1;-5;"])
def test_sectors_that_are_none_are_left_out(text):
    assert standing(currentSectors=text).current == {}


def test_the_place_is_in_the_data_else_in_the_key():
    standings = {"9": {"data": ";7;CLASSIFIED;"}, "x": {"data": "2;8;CLASSIFIED;"}}
    found = read_standings({"standings": standings}, Strange())
    assert [(each.position, each.number) for each in found] == [(2, "8"), (9, "7")]


def test_a_standing_without_a_number_is_told_and_left_out():
    strange = Strange()
    assert read_standings({"standings": {"1": {"data": "1;;CLASSIFIED;"}}}, strange) == []
    assert told(strange) == "unknown standing: '1;;CLASSIFIED;'"


def test_a_running_clock_is_reckoned_from_the_start():
    found = status(startTime=START, finalTime=3600, finalType="BY_TIME", isSessionRunning=True)
    assert found["elapsed"] == Clock(600_000_000, AT, runs=True)
    assert found["remaining"] == Clock(3_000_000_000, AT, runs=True)


def test_instants_may_be_in_milliseconds():
    found = status(startTime=START * 1000, isSessionRunning=True)
    assert found["elapsed"] == Clock(600_000_000, AT, runs=True)


def test_stopped_time_does_not_count():
    found = status(
        startTime=START, stoppedSeconds=100, finalTime=3600, finalType="BY_TIME_PLUS_LAPS",
        isSessionRunning=True,
    )  # fmt: skip
    assert found["elapsed"].value_us == 500_000_000
    assert found["remaining"].value_us == 3_100_000_000


def test_a_stopped_clock_stands_where_it_was_stopped():
    found = status(startTime=START, stopTime=START + 300, finalTime=3600, finalType="BY_TIME")
    assert found["elapsed"] == Clock(300_000_000, AT, runs=False)
    assert found["remaining"] == Clock(3_300_000_000, AT, runs=False)


def test_before_the_start_all_the_time_remains():
    found = status(startTime=0, finalTime=3600, finalType="BY_TIME")
    assert found == {"remaining": Clock(3_600_000_000, AT, runs=False)}


def test_time_that_has_run_out_is_zero_and_stands():
    found = status(startTime=START, finalTime=60, finalType="BY_TIME", isSessionRunning=True)
    assert found["remaining"] == Clock(0, AT, runs=False)


def test_a_race_by_laps_has_laps_to_go_and_no_time():
    found = status(finalType="BY_LAPS", finalLaps=40, elapsedLaps=45, finalTime=3600)
    assert found == {"laps_total": 40, "laps_remaining": 0}


@pytest.mark.parametrize(
    ("text", "flag"),
    [("GF", "green"), ("YF", "yellow"), ("FCY", "fcy"), ("SC", "sc"), ("RF", "red"), ("", None)],
)
def test_flags_are_those_of_the_feed(text, flag):
    assert status(currentFlag=text).get("flag") == flag


def test_a_finished_session_shows_the_chequered_flag():
    assert status(currentFlag="GF", isFinished=True)["flag"] == "chequered"


def test_an_unknown_flag_is_told():
    strange = Strange()
    assert read_status({"currentFlag": "PURPLE"}, AT, strange) == {}
    assert told(strange) == "unknown flag: 'PURPLE'"


def test_a_change_has_whole_fields_and_names_those_that_are_cleared():
    documents = Documents()
    documents.take("weather", {"msg": "added", "id": "w", "fields": {"a": {"x": 1}, "b": 2}})
    documents.take(
        "weather", {"msg": "changed", "id": "w", "fields": {"a": {"y": 1}}, "cleared": ["b"]}
    )
    assert dict(documents.all("weather")) == {"w": {"a": {"y": 1}}}


def test_documents_are_bounded():
    documents = Documents()
    for number in range(MAX_DOCUMENTS):
        documents.take("weather", {"msg": "added", "id": str(number)})
    with pytest.raises(BadFrame, match="too many documents"):
        documents.take("weather", {"msg": "added", "id": "more"})


@pytest.mark.parametrize(
    ("text", "car"),
    [
        ("CAR 7 - TRACK LIMITS", "7"),
        ("Car #007 under investigation", "007"),
        ("Drive through for car no. 51", "51"),
        ("CARS 7 AND 92 UNDER INVESTIGATION", None),
        ("CAR 7 AND CAR 92", None),
        ("SAFETY CAR IN THIS LAP", None),
        ("SAFETY CAR 3 LAPS", None),
        ("PIT LANE OPEN", None),
    ],
)
def test_a_message_is_of_the_car_that_it_names(text, car):
    log = {"0": {"date": AT, "message": text}}
    (fact,) = RaceControl().take({"raceControlMessages": {"log": log}})
    assert (fact.payload.text, fact.payload.car, fact.source_at) == (text, car, AT)


def test_without_a_log_what_is_shown_now_is_told():
    shown = {"raceControlMessages": {"currentMessages": {"0": {"message": "RED FLAG"}}}}
    control = RaceControl()
    assert [fact.payload.text for fact in control.take(shown)] == ["RED FLAG"]
    assert list(control.take(shown)) == []


def test_a_log_may_have_its_instants_as_keys():
    log = {str(AT): {"message": "GREEN FLAG"}}
    (fact,) = RaceControl().take({"raceControlMessages": {"log": log}})
    assert fact.source_at == AT
