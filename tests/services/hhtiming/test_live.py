"""What the documents of the TCP feed change."""

import json

import pytest

from livetiming.events import Clock, Laps, Passed
from livetiming.racing import CarState, Flag, Kind, Mark
from livetiming.services import BadFrame
from tests.services.hhtiming.feed import (
    START,
    Feed,
    beat,
    competitor,
    document,
    lap,
    laptimes,
    line,
    session,
    track,
)


def test_an_entry_is_shown():
    feed = Feed(competitor("007", class_="GTD", team="Team A", make="Aston"))
    feed.say(document("Driver", CarID="007", IsInCar=True, FirstName="Ann", LastName="Bee"))
    assert feed.car("007") == {
        "num": "007", "class": "GTD", "team": "Team A", "car": "Aston", "driver": "Ann Bee",
    }  # fmt: skip


def test_a_driver_who_is_not_in_the_car_is_not_shown():
    feed = Feed(competitor("7"))
    feed.say(document("Driver", CarID="7", IsInCar=False, FirstName="Ann", LastName="Bee"))
    assert "driver" not in feed.car("7")
    feed.say(document("DriverUpdate", CarID="7", FirstName="", LastName="Dee"))
    assert feed.car("7")["driver"] == "Dee"


def test_a_car_without_an_entry_is_not_shown_and_nothing_is_told_of_it():
    feed = Feed(line("E1", "1", 100.0), lap("E1", 1, 90.0, 100.0))
    assert (feed.order, feed.told) == ([], [])


def test_an_entry_that_comes_late_has_what_was_known_of_its_number():
    feed = Feed(track(), line("7", "1", 100.0), line("7", "2", 110.0), competitor("7", id_="1007"))
    assert feed.car("7")["s1"] == (10_000_000, Mark.SB)


def test_minus_one_means_unchanged():
    feed = Feed(competitor("7"), lap("7", 5, 99.0, 500.0), lap("7", -1, -1.0, -1.0))
    assert (feed.car("7")["laps"], feed.car("7")["last"]) == (5, 99_000_000)
    feed.say(beat(60, to_go=600), beat(61, to_go=-1))
    assert feed.session["remaining"].value_us == 600_000_000


def test_a_crossing_is_told_with_its_lap():
    feed = Feed(competitor("7"), lap("7", 5, 99.001, 500.0))
    assert feed.told == [Passed("7", "finish", 5, 99_001_000, 500_000_000)]


def test_a_crossing_without_a_lap_count_waits_for_it():
    feed = Feed(competitor("7"), lap("7", total=500.0), laptimes("7", 5, 99.0, 98.0))
    assert feed.told == [Passed("7", "finish", 5, 99_000_000, 500_000_000)]
    assert feed.car("7")["best"] == (98_000_000, Mark.SB)


def test_a_crossing_that_no_lap_count_follows_is_told_without():
    feed = Feed(competitor("7"), lap("7", total=2.0)).wait(3).say(beat())
    assert feed.told == [Passed("7", "finish", total_us=2_000_000)]


def test_a_lap_count_of_one_more_tells_of_a_crossing_once():
    feed = Feed(competitor("7"), laptimes("7", 4, 99.0), laptimes("7", 5, 98.0))
    feed.say(laptimes("7", 5, 98.0), lap("7", total=500.0))
    assert [(passed.lap, passed.lap_us) for passed in feed.told] == [(5, 98_000_000)]


def test_documents_that_come_twice_tell_once():
    lines = [competitor("7"), lap("7", total=500.0), laptimes("7", 5, 99.0),
             document("PitIn", CarID="7"), document("PitOut", CarID="7")]  # fmt: skip
    feed = Feed(*[one for one in lines for _ in range(2)]).wait(5).say(beat())
    assert [passed.line for passed in feed.told] == ["finish", "pit_in", "pit_out"]
    assert feed.car("7")["pits"] == 1


def test_a_crossing_that_comes_late_changes_nothing():
    feed = Feed(competitor("7"), lap("7", 5, 99.0, 500.0), lap("7", 4, 97.0, 401.0))
    assert (feed.car("7")["laps"], len(feed.told)) == (5, 1)


def test_a_lap_that_is_taken_back_and_one_that_follows():
    feed = Feed(competitor("7"), lap("7", 5, 99.0, 500.0), laptimes("7", 4))
    assert feed.car("7")["laps"] == 4
    feed.say(lap("7", 5, 98.0, 600.0))
    assert [passed.total_us for passed in feed.told] == [500_000_000, 600_000_000]


def test_laps_that_are_told_again_from_the_first_are_no_crossings():
    counts = [
        document("LaptimeResultsUpdate", CarID="7", NumberOfLaps=n, LastElapsedTime=100.0 * n)
        for n in (1, 2, 3)
    ]
    feed = Feed(competitor("7"), *counts, *counts)
    assert [passed.lap for passed in feed.told] == [2, 3]
    assert feed.car("7")["laps"] == 3


def test_crossings_are_told_after_the_session_clock_began_anew():
    feed = Feed(competitor("7"), beat(500), lap("7", 5, 99.0, 500.0), beat(3), beat(2))
    feed.say(laptimes("7", 0), lap("7", 1, 99.0, 101.0))
    assert [passed.lap for passed in feed.told] == [5, 1]


def test_a_best_lap_may_become_slower():
    feed = Feed(competitor("7"), laptimes("7", 4, 99.0, 90.0), laptimes("7", 4, best=99.0))
    assert feed.car("7")["best"] == (99_000_000, Mark.SB)


def test_cars_come_in_and_out_of_the_pits():
    feed = Feed(competitor("7"))
    states = []
    for one in (
        line("7", "2", 10.0),
        document("PitIn", CarID="7"),
        lap("7", 2, 99.0, 200.0),
        document("PitOut", CarID="7"),
        line("7", "3", 300.0),
        lap("7", 3, 99.0, 400.0),
    ):
        feed.say(one)  # fmt: skip
        states.append(str(feed.car("7")["state"]))
    assert states == ["run", "pit", "pit", "out", "out", "run"]
    assert [passed.line for passed in feed.told] == ["pit_in", "finish_pit", "pit_out", "finish"]


def test_pit_messages_that_come_again_with_their_time_are_no_news():
    def pit(kind, at):
        return document(kind, CarID="7", SessionTime=at)

    feed = Feed(competitor("7"), pit("PitIn", 10.0), pit("PitOut", 50.0), lap("7", 2, 99.0, 200.0))
    feed.say(pit("PitIn", 10.0), pit("PitOut", 50.0))
    assert [passed.line for passed in feed.told] == ["pit_in", "pit_out", "finish"]
    assert feed.car("7")["state"] is CarState.RUN


def test_sector_times_are_those_of_the_feed_or_from_line_to_line():
    feed = Feed(track("123"), competitor("7"))
    feed.say(line("7", "1", 100.0), line("7", "2", 130.5), line("7", "3", 160.0, sector=29.25))
    assert (feed.car("7")["s1"], feed.car("7")["s2"]) == (
        (30_500_000, Mark.SB), (29_250_000, Mark.SB),
    )  # fmt: skip
    feed.say(line("7", "1", 200.0), line("7", "2", 231.0))
    assert feed.car("7")["s1"] == 31_000_000
    assert feed.car("7")["bs1"] == (30_500_000, Mark.SB)
    assert feed.car("7")["s3"] == (40_000_000, Mark.OLD)


def test_a_line_that_was_missed_gives_no_sector_time():
    feed = Feed(track("123"), competitor("7"), line("7", "1", 100.0), line("7", "2", 130.0))
    feed.say(line("7", "1", 200.0), line("7", "3", 260.0), line("7", "1", 290.0))
    assert "s2" not in feed.car("7")
    assert feed.car("7")["s3"] == (30_000_000, Mark.SB)


def test_sectors_go_on_over_midnight():
    feed = Feed(track("123"), competitor("7"), line("7", "1", 86_390.0), line("7", "2", 20.0))
    assert feed.car("7")["s1"] == (30_000_000, Mark.SB)


def test_a_track_of_eleven_sectors_has_columns_for_them():
    feed = Feed(track("123456789AB"), competitor("7"))
    feed.say(line("7", "B", 100.0), line("7", "1", 102.0))
    ids = [column.id for column in feed.sessions[-1].columns]
    assert {"s9", "s10", "s11", "bs11"} <= set(ids)
    assert "s12" not in ids
    assert feed.car("7")["s11"] == (2_000_000, Mark.SB)


def test_sectors_that_a_track_has_no_more_are_not_shown():
    feed = Feed(track("1234"), competitor("7"), line("7", "3", 100.0), line("7", "4", 110.0))
    assert feed.car("7")["s3"] == (10_000_000, Mark.SB)
    feed.say(track("12"))
    assert not {"s3", "bs3"} & feed.car("7").keys()


def test_a_best_sector_is_told_by_its_name():
    feed = Feed(track("123"), competitor("7"))
    feed.say(document("SectorTimeResultsUpdate", CarID="7", SectorName="S02", BestSectorTime=28.5))
    assert feed.car("7")["bs2"] == (28_500_000, Mark.SB)


def test_a_race_is_in_the_order_of_the_road():
    feed = Feed(track("123"), session(), competitor("7"), competitor("8"), competitor("9"))
    feed.say(lap("7", 1, 100.0, 100.0), lap("8", 1, 101.5, 101.5), lap("9", 1, 103.0, 103.0))
    assert (feed.order, feed.car("8")["gap"]) == (["7", "8", "9"], 1_500_000)
    feed.say(line("8", "2", 130.0))
    assert feed.order == ["7", "8", "9"]
    feed.say(line("7", "2", 130.25))
    assert (feed.order, feed.car("7")["gap"]) == (["8", "7", "9"], 250_000)
    assert (feed.session["laps"], "gap" in feed.car("8")) == (1, False)


def test_a_car_that_was_missed_at_a_line_keeps_its_place():
    feed = Feed(track("1234"), session(), competitor("7"), competitor("8"))
    feed.say(lap("7", 1, 100.0, 100.0), lap("8", 1, 102.0, 102.0))
    feed.say(line("7", "2", 130.0), line("8", "2", 132.5), line("8", "3", 160.0))
    assert (feed.order, feed.car("8")["gap"]) == (["7", "8"], 2_500_000)
    feed.say(line("7", "4", 180.0))
    assert feed.order == ["7", "8"]


def test_a_car_that_stands_is_passed_by_who_is_two_lines_further():
    feed = Feed(track("1234"), session(), competitor("7"), competitor("8"))
    feed.say(lap("7", 1, 100.0, 100.0), lap("8", 1, 102.0, 102.0), line("7", "2", 130.0))
    feed.say(line("8", "2", 132.5), line("8", "3", 160.0), line("8", "4", 180.0))
    assert feed.order == ["8", "7"]


def test_a_lap_that_is_counted_after_its_crossing_has_the_time_of_the_crossing():
    feed = Feed(session(), competitor("7"), competitor("8"), lap("7", total=100.0))
    feed.say(laptimes("7", 1, 100.0), lap("8", total=101.5), laptimes("8", 1, 101.5))
    assert (feed.order, feed.car("8")["gap"]) == (["7", "8"], 1_500_000)


def test_a_car_that_was_lapped_has_a_gap_in_laps():
    feed = Feed(session(), competitor("7"), competitor("8"), lap("8", 1, 99.0, 250.0))
    feed.say(lap("7", 1, 99.0, 100.0), lap("7", 2, 99.0, 200.0), lap("7", 3, 99.0, 300.0))
    assert feed.car("8")["gap"] == Laps(1)


def test_practice_is_in_the_order_of_the_best_laps():
    feed = Feed(session(type_=1), competitor("7"), competitor("8"), competitor("9"))
    feed.say(laptimes("7", 9, 91.0, 90.5), laptimes("8", 3, 90.0, 90.0))
    assert (feed.order, feed.car("7")["gap"]) == (["8", "7", "9"], 500_000)
    assert "laps" not in feed.session


def test_two_cars_with_one_number_are_two_cars():
    feed = Feed(competitor("7", id_="100"), competitor("7", id_="101"), lap("101", 1, 99.0, 99.0))
    assert feed.order == ["7~2", "7"]
    with pytest.raises(BadFrame, match="car number"):
        feed.say(line("7", "1", 100.0))


def test_a_car_may_be_named_by_an_id_that_is_no_number():
    feed = Feed(track("123"), competitor("7", id_=1007), lap(1007, 3, 99.0, 300.0))
    feed.say(line("7", "1", 10.0), line("7", "2", 20.0))
    assert (feed.order, feed.car("7")["laps"]) == (["7"], 3)
    assert feed.car("7")["s1"] == (10_000_000, Mark.SB)


@pytest.mark.parametrize(
    ("status", "flag"), [(0, "none"), (2, "red"), (3, "chequered"), (5, "green")]
)
def test_the_track_status_is_the_flag(status, flag):
    assert Feed(beat(status=status)).session["flag"] == flag


def test_cars_finish_under_the_chequered_flag_until_it_goes_in_again():
    feed = Feed(competitor("7"), beat(status=3), lap("7", 5, 99.0, 500.0))
    assert feed.car("7")["state"] is CarState.FINISHED
    feed.say(beat(status=5))
    assert feed.car("7")["state"] is CarState.RUN


def test_a_slow_zone_is_shown_as_long_as_it_is_one():
    def zone(name, status):
        return document("TrackSectorStatus", ZoneName=name, ZoneStatus=status)

    feed = Feed(beat(status=5), zone("Zone 2", 8), zone("Zone 1", 8))
    assert (feed.session["flag"], feed.session["zones"]) == (
        Flag.SLOW_ZONE, "Zone 1: slow zone, Zone 2: slow zone",
    )  # fmt: skip
    feed.say(beat(status=2))
    assert feed.session["flag"] is Flag.RED
    feed.say(beat(status=5), zone("Zone 1", 0), zone("Zone 2", 0))
    assert (feed.session["flag"], "zones" in feed.session) == (Flag.GREEN, False)


def test_clocks_run_while_their_values_go_on():
    feed = Feed(beat(60, to_go=600)).wait(1).say(beat(61, to_go=599))
    assert feed.session["elapsed"] == Clock(61_000_000, START + 1000, runs=True)
    assert feed.session["remaining"] == Clock(599_000_000, START + 1000, runs=True)


def test_the_weather_is_shown_once_it_is_told():
    weather = document(
        "WeatherTS", AirTemperature=21.24, Humidity=60.0, WindSpeed=10.0, WindDirection=-1
    )
    feed = Feed(beat(), weather)
    assert [column.id for column in feed.sessions[0].track] == []
    assert "air" in [column.id for column in feed.sessions[-1].track]
    assert {k: feed.session[k] for k in ("air", "humidity", "wind")} == {
        "air": 21.2, "humidity": 60.0, "wind": 36.0,
    }  # fmt: skip
    assert "wind_direction" not in feed.session


def test_speeds_have_columns_once_they_are_told():
    feed = Feed(competitor("7"), document("SpeedTrapCrossing", CarID="7", Speed=201.5))
    feed.say(document("SpeedTrapCrossing", CarID="7", Speed=199.0))
    assert (feed.car("7")["speed"], feed.car("7")["best_speed"]) == (199.0, 201.5)
    assert "speed" in {column.id for column in feed.sessions[-1].columns}


def test_a_message_of_race_control_is_posted_once_at_its_instant():
    text = "CAR 50 REPORTED TO THE STEWARD"
    message = document("GeneralRaceControl", MessageReceivedTime=55.5, MessageString=text)
    local = (START // 1000 - 4 * 3600) % 86_400
    feed = Feed(competitor("50"), beat(60.0, clock=float(local)), message, message)
    (fact,) = feed.facts
    assert (fact.payload.text, fact.payload.car, fact.payload.style) == (text, "50", "race_control")
    assert fact.source_at == START - 4_500


def test_a_message_that_speaks_of_two_cars_is_of_neither():
    text = "CAR 7 AND CAR 8 UNDER INVESTIGATION"
    feed = Feed(competitor("7"), document("GeneralRaceControl", MessageString=text))
    assert feed.told[0].car is None


def test_a_session_is_described():
    feed = Feed(document("Event", EventName="IPC"), session("976", 3, "IPC - Race"), track())
    seen = feed.sessions[-1]
    assert (seen.key, seen.name, seen.description, seen.kind, seen.venue) == (
        "976", "IPC", "IPC - Race", Kind.RACE, "Ring of Tests",
    )  # fmt: skip


def test_another_session_id_is_a_session_without_the_cars_before():
    feed = Feed(session("1"), competitor("7"), session("1"), session("2"))
    assert [seen.key for seen in feed.sessions] == ["1", "2"]
    assert feed.order == []


def test_the_name_of_the_next_event_is_not_given_to_the_session_before():
    feed = Feed(document("Event", EventName="First"), session("1"), competitor("7"))
    feed.say(document("Event", EventName="Second"), session("2"))
    assert [(seen.key, seen.name) for seen in feed.sessions] == [("1", "First"), ("2", "Second")]


def test_the_open_session_is_named_by_the_first_session_info():
    feed = Feed(competitor("7"), session("1"))
    assert [seen.key for seen in feed.sessions] == [None, "1"]
    assert feed.order == ["7"]


@pytest.mark.parametrize("kind", ["ClassInformation", "CarGpsPoint", "InternalHHHeartbeat"])
def test_what_a_table_has_no_use_for_is_passed_over(kind):
    assert Feed(beat(), document(kind, Anything=1)).facts == []


@pytest.mark.parametrize(
    ("one", "kind"),
    [(document("Nonsense"), "unknown message"), (beat(status=4), "unknown track status"),
     (document("TrackSectorStatus", ZoneName="1", ZoneStatus=9), "unknown zone status")],
)  # fmt: skip
def test_what_is_unknown_is_told_once(one, kind):
    feed = Feed(beat())
    with pytest.raises(BadFrame) as told:
        feed.say(one)
    feed.say(one)
    assert told.value.kind == kind


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "null", "{}", '{"$type": 7}', "[" * 100_000, lap("7", "five"), lap("", 5, 99.0),
     json.dumps({"$type": "X.CompetitorMessage", "CompetitorNumber": "7" * 40})],
)  # fmt: skip
def test_a_document_that_cannot_be_read_is_a_bad_frame(text):
    with pytest.raises(BadFrame):
        Feed(text)


def test_what_stands_between_two_documents_is_nothing():
    assert Feed(b"\r\n", "").updates == []
