"""An invented race as Formula 1's live timing tells it, from a fixed seed.

As in captures nine of ten messages are of `TimingData`, and most of those tell of one segment of
the track that one car has passed; so nearly each message is a picture to compare.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from typing import Any, NamedTuple

CARS = 20
LAPS = 57
_SEGMENTS = (7, 10, 8)
_PACE_S = 91.0
_STOPS = (18, 38)
_START = datetime(2026, 6, 14, 13, 0, tzinfo=UTC)
_GREEN, _YELLOW, _PURPLE = 2049, 2048, 2051
_COMPOUNDS = ("MEDIUM", "HARD", "HARD")


class _Moment(NamedTuple):
    """Something of a car's race: it passes a segment, or the session goes on for some seconds."""

    at_s: float
    car: int
    lap: int
    sector: int
    segment: int


class _Car:
    def __init__(self, place: int) -> None:
        self.number = str(place + 1)
        self.line = place + 1
        self.laps = 0
        self.crossed_s = 0.0
        self.best_s = 0.0
        self.sector_s = 0.0
        self.stint = 0
        self.sectors = [0.0, 0.0, 0.0]


def race(seed: int = 44, laps: int = LAPS) -> Iterator[str]:
    """The stored lines of the race: the initial state, then a message a line.

    Args:
        seed: another one makes another race.
        laps: how long it is.
    """
    dice = random.Random(seed)
    cars = [_Car(place) for place in range(CARS)]
    yield json.dumps({"R": _state(cars, laps), "I": "1"}, separators=(",", ":"))
    moments = [_moments(place, laps, random.Random(dice.random())) for place in range(CARS)]
    for moment in merge(*moments, _beats(laps)):
        for topic, content in _messages(cars, moment, dice):
            yield _line(topic, content, moment.at_s)


def _line(topic: str, content: Any, at_s: float) -> str:
    stamp = (_START + timedelta(seconds=at_s)).isoformat(timespec="milliseconds")
    message = {"H": "Streaming", "M": "feed", "A": [topic, content, stamp.replace("+00:00", "Z")]}
    return json.dumps(message, separators=(",", ":"))


def _moments(place: int, laps: int, dice: random.Random) -> Iterator[_Moment]:
    at_s = 2.0 + place * 0.37
    for lap in range(1, laps + 1):
        lap_s = _PACE_S * dice.uniform(0.995, 1.012) + place * 0.06
        lap_s += 21.0 if lap in _STOPS else 0.0
        for sector, segments in enumerate(_SEGMENTS):
            for segment in range(segments):
                at_s += lap_s / sum(_SEGMENTS)
                yield _Moment(at_s, place, lap, sector, segment)


def _beats(laps: int) -> Iterator[_Moment]:
    for beat in range(int(laps * (_PACE_S + 3) / 15)):
        yield _Moment(beat * 15.0 + 0.011, -1, beat, 0, 0)


def _messages(
    cars: list[_Car], moment: _Moment, dice: random.Random
) -> Iterator[tuple[str, dict[str, Any]]]:
    if moment.car < 0:
        yield from _session(moment)
        return
    car = cars[moment.car]
    segment = {"Status": dice.choice((_YELLOW, _YELLOW, _YELLOW, _GREEN, _PURPLE))}
    sector: dict[str, Any] = {"Segments": {str(moment.segment): segment}}
    line: dict[str, Any] = {"Sectors": {str(moment.sector): sector}}
    if moment.segment + 1 < _SEGMENTS[moment.sector]:
        yield _timing(car, line)
        return
    yield _timing(car, line)
    yield from _sector(cars, car, moment, dice)


def _session(moment: _Moment) -> Iterator[tuple[str, dict[str, Any]]]:
    now = _START + timedelta(seconds=moment.at_s)
    utc = now.isoformat(timespec="microseconds").replace("+00:00", "Z")
    yield "Heartbeat", {"Utc": utc, "_kf": True}
    if moment.lap % 4 == 0:
        yield "WeatherData", _weather(moment.lap)
    if moment.lap % 12 == 5:
        message = {"Utc": utc[:19], "Category": "Other", "Message": f"NOTE {moment.lap}"}
        yield "RaceControlMessages", {"Messages": {str(moment.lap // 12): message}}


def _weather(beat: int) -> dict[str, Any]:
    return {
        "AirTemp": f"{21 + beat % 7 / 10:.1f}",
        "Humidity": "52.0",
        "Pressure": "1012.3",
        "Rainfall": "0",
        "TrackTemp": f"{33 + beat % 9 / 10:.1f}",
        "WindDirection": str(180 + beat % 40),
        "WindSpeed": "2.1",
        "_kf": True,
    }


def _sector(
    cars: list[_Car], car: _Car, moment: _Moment, dice: random.Random
) -> Iterator[tuple[str, dict[str, Any]]]:
    time_s = moment.at_s - (car.sector_s or 2.0)
    car.sector_s = moment.at_s
    car.sectors[moment.sector] = time_s
    said: dict[str, Any] = {"Value": f"{time_s:.3f}", "PersonalFastest": dice.random() < 0.2}
    line: dict[str, Any] = {"Sectors": {str(moment.sector): said}}
    if moment.sector == 0:
        line["Sectors"].update({"1": {"Value": ""}, "2": {"Value": ""}})
        line["Speeds"] = {"ST": {"Value": str(dice.randint(290, 330))}}
    if moment.sector == 2:
        yield from _lap(cars, car, moment, line)
    else:
        yield _timing(car, line)
    gap = {"GapToLeader": _gap(cars, car), "IntervalToPositionAhead": {"Value": _gap(cars, car)}}
    yield _timing(car, gap)


def _lap(
    cars: list[_Car], car: _Car, moment: _Moment, line: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    lap_s = sum(car.sectors)
    car.laps, car.crossed_s = moment.lap, moment.at_s
    line |= {"NumberOfLaps": car.laps, "LastLapTime": {"Value": _time(lap_s)}}
    if not car.best_s or lap_s < car.best_s:
        car.best_s = lap_s
        line["BestLapTime"] = {"Value": _time(lap_s), "Lap": car.laps}
        best = {"PersonalBestLapTime": {"Value": _time(lap_s), "Lap": car.laps}}
        yield "TimingStats", {"Lines": {car.number: best}}
    yield _timing(car, line)
    yield from _places(cars)
    yield "TimingAppData", {"Lines": {car.number: {"Stints": _stints(car, moment.lap)}}}
    if car.line == 1:
        yield "LapCount", {"CurrentLap": moment.lap + 1}


def _places(cars: list[_Car]) -> Iterator[tuple[str, dict[str, Any]]]:
    moved: dict[str, Any] = {}
    for place, car in enumerate(sorted(cars, key=lambda car: (-car.laps, car.crossed_s)), 1):
        if car.line != place:
            car.line = place
            moved[car.number] = {"Line": place, "Position": str(place)}
    if moved:
        yield "TimingData", {"Lines": moved}


def _stints(car: _Car, lap: int) -> dict[str, Any]:
    if lap in _STOPS:
        car.stint += 1
        return {str(car.stint): _stint(car.stint)}
    first = (0, *_STOPS)[car.stint]
    return {str(car.stint): {"TotalLaps": lap - first}}


def _stint(number: int) -> dict[str, Any]:
    return {"Compound": _COMPOUNDS[number], "New": "true", "TotalLaps": 0, "StartLaps": 0}


def _gap(cars: list[_Car], car: _Car) -> str:
    leader = min(cars, key=lambda each: each.line)
    if leader is car:
        return f"LAP {car.laps + 1}"
    down = leader.laps - car.laps
    return f"{down}L" if down > 1 else f"+{abs(car.crossed_s - leader.crossed_s):.3f}"


def _timing(car: _Car, line: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "TimingData", {"Lines": {car.number: line}}


def _time(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 60_000}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def _state(cars: list[_Car], laps: int) -> dict[str, Any]:
    return {
        "SessionInfo": {
            "Meeting": {"Name": "Lakemoor Grand Prix", "Circuit": {"ShortName": "Lakemoor"}},
            "Key": 1,
            "Type": "Race",
            "Name": "Race",
            "GmtOffset": "02:00:00",
        },
        "SessionStatus": {"Status": "Started"},
        "TrackStatus": {"Status": "1", "Message": "AllClear"},
        "LapCount": {"CurrentLap": 1, "TotalLaps": laps},
        "DriverList": {car.number: _driver(car) for car in cars},
        "TimingAppData": {
            "Lines": {car.number: {"GridPos": str(car.line), "Stints": [_stint(0)]} for car in cars}
        },
        "TimingData": {"Lines": {car.number: _first_line(car) for car in cars}},
    }


def _driver(car: _Car) -> dict[str, Any]:
    return {
        "RacingNumber": car.number,
        "FirstName": "Ada",
        "LastName": f"Driver {car.number}",
        "TeamName": f"Team {(car.line + 1) // 2}",
        "Line": car.line,
    }


def _first_line(car: _Car) -> dict[str, Any]:
    sector = {"Value": "", "OverallFastest": False, "PersonalFastest": False, "Segments": []}
    return {
        "GapToLeader": "",
        "IntervalToPositionAhead": {"Value": "", "Catching": False},
        "Line": car.line,
        "Position": str(car.line),
        "RacingNumber": car.number,
        "Retired": False,
        "InPit": False,
        "PitOut": False,
        "Stopped": False,
        "Status": 64,
        "Sectors": [dict(sector) for _ in _SEGMENTS],
        "Speeds": {"ST": {"Value": ""}},
        "BestLapTime": {"Value": ""},
        "LastLapTime": {"Value": "", "OverallFastest": False, "PersonalFastest": False},
    }
