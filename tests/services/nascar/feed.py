"""Documents of the feed, small and written by us."""

import json
from datetime import UTC, datetime, timedelta, timezone

from livetiming.services import BadFrame, Fact, Finished, Frame, SessionSeen
from livetiming.services.nascar.addresses import CURRENT
from livetiming.services.nascar.protocol import NascarParser

START = 1_710_000_000_000
"""When the first look of a race arrives."""
STOPS = "cacher/live/series_1/5001/live-pit-data"
FLAGS = "cacher/live/series_1/5001/live-flag-data"


def iso(at):
    """An instant as the feed writes it, in a zone of its own."""
    moment = datetime.fromtimestamp(at / 1000, UTC).astimezone(timezone(timedelta(hours=-4)))
    return moment.isoformat(timespec="milliseconds")


def vehicle(number, position, **fields):
    """A vehicle; `driver` and `driver_id` are those of its driver."""
    name = fields.pop("driver", f"Driver {number}")
    driver = {"driver_id": fields.pop("driver_id", 4000 + int(number)), "full_name": name}
    return {
        "vehicle_number": number,
        "running_position": position,
        "driver": driver,
        "vehicle_manufacturer": "Chv",
        "laps_completed": 0,
        "delta": 0.0,
        "last_lap_time": 0.0,
        "last_lap_speed": 0.0,
        "best_lap_time": 0.0,
        "best_lap_speed": 0.0,
        "vehicle_elapsed_time": 0.0,
        "status": 1,
        "is_on_track": True,
        "pit_stops": [grid_record()],
        "laps_led": [],
        "starting_position": position,
    } | fields


def grid_record():
    return {"pit_in_elapsed_time": 0.0, "pit_out_elapsed_time": 0.0, "pit_in_lap_count": 0}


def stop(in_s, out_s=0.0, lap=1):
    return {"pit_in_elapsed_time": in_s, "pit_out_elapsed_time": out_s, "pit_in_lap_count": lap}


def look(*vehicles, elapsed=0, flag=1, lap=0, **fields):
    """A live feed, made when so many seconds had passed."""
    limit = fields.get("laps_in_race", 10)
    return {
        "race_id": 5001,
        "run_id": 3,
        "run_name": "Example 400",
        "run_type": 3,
        "series_id": 1,
        "track_name": "Example Speedway",
        "lap_number": lap,
        "laps_in_race": limit,
        "laps_to_go": limit if limit == 999 else limit - lap,
        "elapsed_time": elapsed,
        "flag_state": flag,
        "time_of_day_os": iso(START + elapsed * 1000),
        "stage": {"stage_num": 1, "finish_at_lap": 5, "laps_in_stage": 5},
        "number_of_caution_segments": 0,
        "number_of_caution_laps": 0,
        "number_of_lead_changes": 0,
        "number_of_leaders": 1,
        "vehicles": list(vehicles),
    } | fields


def pit(number, in_s, out_s, lap=1, driver=None):
    return {
        "vehicle_number": number,
        "driver_name": driver or f"Driver {number}",
        "lap_count": lap,
        "pit_in_race_time": in_s,
        "pit_out_race_time": out_s,
    }


def flag(state, elapsed, lap, comment=None, beneficiary=None, at=None):
    return {
        "lap_number": lap,
        "flag_state": state,
        "elapsed_time": elapsed,
        "comment": comment,
        "beneficiary": beneficiary,
        "time_of_day_os": iso(START + round(elapsed * 1000) if at is None else at),
    }


def frame(document, at, channel=CURRENT):
    return Frame(at, channel, json.dumps(document).encode())


class Told:
    """A parser and what it told."""

    def __init__(self):
        self.parser = NascarParser()
        self.seen, self.facts, self.bad = [], [], []
        self.finished = 0

    def take(self, document, at=None, channel=CURRENT):
        """Read a document; a live feed arrives 300 ms after it was made."""
        if at is None:
            at = START + document["elapsed_time"] * 1000 + 300
        try:
            for update in self.parser.receive(frame(document, at, channel)):
                if isinstance(update, SessionSeen):
                    self.seen.append(update)
                elif isinstance(update, Fact):
                    self.facts.append(update)
                elif isinstance(update, Finished):
                    self.finished += 1
        except BadFrame as error:
            self.bad.append(str(error))
        return self

    @property
    def picture(self):
        return self.parser.picture()

    @property
    def session(self):
        return self.picture.session

    def cells(self, column):
        """A column, in order."""
        return [self.picture.cars[car].get(column) for car in self.picture.order]

    @property
    def crossings(self):
        """`(car, line, lap, lap_us)` of each crossing."""
        passed = [fact.payload for fact in self.facts if hasattr(fact.payload, "line")]
        return [(p.car, p.line, p.lap, p.lap_us) for p in passed]

    @property
    def messages(self):
        return [fact.payload.text for fact in self.facts if hasattr(fact.payload, "text")]


def told(*looks):
    """What comes of live feeds."""
    found = Told()
    for each in looks:
        found.take(each)
    return found
