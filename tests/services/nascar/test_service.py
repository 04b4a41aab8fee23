"""The feed of a race weekend from a real server on the loopback, whose documents move on."""

import json

import pytest

from livetiming.errors import BadArgument
from livetiming.services import Frame
from livetiming.services.nascar import PLUGIN, Options
from livetiming.services.nascar.protocol import NascarParser
from livetiming.services.nascar.service import RacePolling, race_in
from livetiming.testing import Followed
from tests.services.nascar.feed import START, flag, grid_record, look, pit, stop, vehicle
from tests.services.transports.polling import Polled
from tests.services.web_server import WebServer, answer

LIVE = "/live/feeds/live-feed.json"


class Weekend:
    """A server whose live feed shows one look after another; the last one stays.

    Args:
        looks: of the live feed.
        beside: what is at other addresses; anything else is not found.
    """

    def __init__(self, looks, beside, live=LIVE):
        self._looks = looks
        self._beside = beside
        self._live = live
        self._shown = 0

    def __call__(self, asked, _number):
        if asked.path != self._live:
            found = self._beside.get(asked.path)
            return answer(404) if found is None else answer(200, json.dumps(found).encode())
        place, self._shown = min(self._shown, len(self._looks) - 1), self._shown + 1
        return answer(200, json.dumps(self._looks[place]).encode())


class Raced(Polled):
    """Polls a weekend."""

    def transport(self, base, race=None):
        return RacePolling(base, race, live_s=0.02, beside_s=0.02)

    @property
    def channels(self):
        return [channel for channel, _ in self.delivered]

    def followed(self):
        """What the parser and the recorder make of it; each delivery is a second of its own."""
        frames = [
            Frame(START + n * 1000, channel, body)
            for n, (channel, body) in enumerate(self.delivered)
        ]
        return Followed(PLUGIN, "nascar", NascarParser()).read(frames)


def at(race, document):
    return f"/cacher/live/series_1/{race}/{document}.json"


def car(laps, total_s, **fields):
    return vehicle(
        "6", 1, laps_completed=laps, vehicle_elapsed_time=total_s, last_lap_time=30.0, **fields
    )


LOOKS = [
    look(car(4, 120.0), elapsed=121, lap=4),
    look(car(5, 150.0), elapsed=151, lap=5),
    look(
        car(10, 300.0, pit_stops=[grid_record(), stop(160.0, 170.0, 5)]),
        elapsed=301,
        lap=10,
        flag=9,
    ),
]
BESIDE = {
    at(5001, "live-pit-data"): [pit("6", 160.0, 170.0, 5)],
    at(5001, "live-flag-data"): [flag(2, 155.0, 5, "Debris Turn 2")],
}


def test_a_race_is_followed_to_its_end_with_its_pit_and_flag_feeds():
    with WebServer(Weekend(LOOKS, BESIDE)) as server:
        found = Raced(server.url("")).until(lambda polled: len(polled.delivered) == 5)
    assert set(found.channels) == {LIVE[1:-5]} | {path[1:-5] for path in BESIDE}
    assert found.cancelled
    followed = found.followed()
    assert not followed.skipped
    (log,) = followed.logs
    assert log.state.closed.reason == "finished"
    lines = sorted(e.payload.line for e in log.events if hasattr(e.payload, "line"))
    assert lines == sorted(["finish"] * 6 + ["pit_in", "pit_out"])
    assert any(getattr(e.payload, "text", "") == "Debris Turn 2" for e in log.events)


def test_the_live_feed_alone_is_a_feed():
    with WebServer(Weekend(LOOKS, {})) as server:
        found = Raced(server.url("")).until(
            lambda polled: len(polled.delivered) == 3 and len(server.asked) > 20
        )
    assert found.errors == []
    assert set(found.channels) == {LIVE[1:-5]}
    assert {asked.path for asked in server.asked} == {LIVE, *BESIDE}


def test_the_documents_of_the_next_race_are_asked_for_when_it_comes():
    following = look(vehicle("8", 1), elapsed=900, race_id=5002, series_id=2, run_type=1)
    beside = BESIDE | {"/cacher/live/series_2/5002/live-pit-data.json": []}
    with WebServer(Weekend([*LOOKS, following], beside)) as server:
        found = Raced(server.url("")).until(
            lambda polled: "cacher/live/series_2/5002/live-pit-data" in polled.channels
        )
        last_asked = [asked.path for asked in server.asked if "/5001/" in asked.path]
    assert [log.state.described.key for log in found.followed().logs] == ["5001-3", "5002-3"]
    assert last_asked
    paths = [asked.path for asked in server.asked]
    first_of_next = next(n for n, path in enumerate(paths) if "/5002/" in path)
    assert len([path for path in paths[first_of_next:] if "/5001/" in path]) <= 2, "under way"


def test_one_race_is_asked_for_by_its_numbers():
    live = "/live/feeds/series_1/5001/live_feed.json"
    with WebServer(Weekend(LOOKS, BESIDE, live)) as server:
        found = Raced(server.url("/"), race=(1, 5001)).until(
            lambda polled: len(polled.delivered) == 5
        )
    assert {asked.path for asked in server.asked} == {live, *BESIDE}
    assert [log.state.described.key for log in found.followed().logs] == ["5001-3"]


def test_without_the_live_feed_the_feed_is_lost_and_nothing_is_left():
    with WebServer(lambda _asked, _number: answer(503)) as server:
        found = Raced(server.url(""), race=(1, 5001)).until(lambda polled: polled.errors)
    assert len(found.errors) == 1
    assert "503" in found.errors[0]


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"[]",
        b'{"race_id":5}',
        b'{"race_id":"../x","series_id":1}',
        b'{"race_id":-5,"series_id":1}',
    ],
)
def test_no_address_is_made_of_anything_but_numbers(document):
    assert race_in(document) is None


def test_a_base_that_is_no_web_address_is_refused():
    with pytest.raises(BadArgument):
        RacePolling("file:///etc", None)


def test_a_calendar_may_say_which_race_but_not_where():
    assert PLUGIN.schedulable == {"series", "race"}
    assert Options().base == "https://cf.nascar.com"


def test_a_race_is_named_by_both_numbers():
    with pytest.raises(ValueError, match="belong together"):
        Options(race=5001)
    assert Options(series=1, race=5001).race == 5001
