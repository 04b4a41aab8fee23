"""What is on air, as everybody is told it."""

import json
import random
from itertools import pairwise

import pytest
from twisted.internet.defer import maybeDeferred
from twisted.internet.task import Clock
from twisted.logger import formatEvent, globalLogPublisher

from livetiming.components.directory import MAX_LISTING, Directory
from livetiming.errors import LogLocked
from livetiming.events.log import Seq, open_reader_of
from livetiming.network.names import (
    ANNOUNCE,
    FORKED,
    LIST,
    LIST_ALL,
    PUBLIC_DIRECTORY,
    recorded_topic,
)
from livetiming.network.wire import (
    Announcement,
    FeedSeen,
    Idle,
    Recorded,
    RecordedStatus,
    Standing,
    read_listing,
    write_announcement,
    write_recorded,
)
from livetiming.projections.directory import DIRECTORY, FOLD, LISTED
from livetiming.services.world import World
from tests.network.simulated import SimulatedRouter
from tests.services.stage import TroubledDisk

START_AT = 1_781_445_600_000
A, B, C = (f"{n:032x}" for n in (10, 11, 12))


def announcement(session=A, **fields):
    told = {
        "writer": START_AT,
        "next_seq": 100,
        "recorded": None,
        "name": "WEC",
        "description": "Race",
        "class_": "demo",
        "kind": "race",
        "started_at": START_AT,
        "cars": 60,
        "flag": "green",
        "feed": FeedSeen("live", START_AT),
        "seen_at": START_AT,
        "analysis": True,
        "hidden": False,
        "do_not_record": False,
        "instance": "main",
        "chain": "0" * 16,
        "status": Standing.LIVE,
        **fields,
    }
    return Announcement(session=session, **told)


class Town:
    """A router, a directory, a service and a viewer."""

    def __init__(self, folder):
        self.folder = folder
        self.clock = Clock()
        self.disk = TroubledDisk()
        self.router = SimulatedRouter(self.clock, random.Random(1))
        self.service = self.router.connect("service")
        self.viewer = self.router.connect("viewer")
        self.published = []
        self.viewer.subscribe(PUBLIC_DIRECTORY, self._hear)
        self.on_air = []
        self.directory = None
        self.open()

    def open(self):
        self.connection = self.router.connect("directory")
        world = World(
            self.clock,
            self.disk,
            lambda: START_AT + round(self.clock.seconds() * 1000),
            self.clock.seconds,
            random.Random(2),
            self._thread,
            lambda line: None,
        )
        self.directory = Directory(world, self.connection, self.folder)
        self.directory.start()
        self.pass_(0.5)
        return self

    def _thread(self, function, *args):
        """Another thread is done a little later."""
        done = maybeDeferred(function, *args)
        done.pause()
        self.clock.callLater(0.01, done.unpause)
        return done

    def _hear(self, text):
        self.published.append((self.clock.seconds(), read_listing(text).sessions))

    def close(self):
        """The directory's process ends."""
        closing = self.directory.stop()
        self.pass_(0.1)
        self.connection.close()
        assert closing.called
        return self

    def kill(self):
        """Its process is gone; the lock with it."""
        self.directory._ticking.stop()
        writer = self.directory._keeping._writer
        if writer is not None:
            writer.close()
        self.connection.close()
        return self

    def pass_(self, seconds):
        """Time goes on; who is on air says so every 10 s."""
        for _ in range(round(seconds * 10)):
            if round(self.clock.seconds() * 10) % 100 == 0:
                self.announce(*self.on_air)
            self.clock.advance(0.1)
        return self

    def announce(self, *announcements):
        for each in announcements:
            self.service.publish(ANNOUNCE, write_announcement(each))

    def say(self, *announcements):
        self.announce(*announcements)
        return self.pass_(1.5)

    def record(self, seq, session=A, writer=START_AT):
        told = Recorded(writer, seq, bytes(8), RecordedStatus.OK)
        self.service.publish(recorded_topic(session), *write_recorded(told))
        return self.pass_(1.5)

    def ask(self, procedure=LIST):
        answers = []
        self.viewer.call(procedure).addCallback(answers.append)
        self.pass_(0.6)
        return read_listing(answers[0]).sessions

    def names(self, procedure=LIST):
        return [entry.session for entry in self.ask(procedure)]

    def lines(self):
        """What its log says, as (tag, session)."""
        with open_reader_of(FOLD, self.disk, self.folder / DIRECTORY) as reader:
            lines = [json.loads(line) for line, _ in reader.events()]
        return [(line["type"], line["session"]) for line in lines]

    def last_line(self):
        with open_reader_of(FOLD, self.disk, self.folder / DIRECTORY) as reader:
            return json.loads([line for line, _ in reader.events()][-1])


@pytest.fixture
def town(tmp_path):
    town = Town(tmp_path)
    yield town
    town.directory.stop()


@pytest.fixture
def said():
    heard = []

    def observe(event):
        heard.append(formatEvent(event))

    globalLogPublisher.addObserver(observe)
    yield heard
    globalLogPublisher.removeObserver(observe)


def test_what_a_service_announces_is_listed_and_published(town):
    town.say(announcement())
    (entry,) = town.ask()
    assert (entry.session, entry.name, entry.flag, entry.recorded) == (A, "WEC", "green", None)
    assert town.published[-1][1] == (entry,)


def test_a_hidden_session_is_in_the_internal_list_only(town):
    town.say(announcement(A, hidden=True), announcement(B))
    assert town.names() == [B]
    assert town.names(LIST_ALL) == [A, B]
    assert [entry.session for entry in town.published[-1][1]] == [B]


def test_a_service_without_a_session_is_not_listed(town):
    town.service.publish(
        ANNOUNCE, write_announcement(Idle(session=None, class_="demo", instance="main"))
    )
    assert town.pass_(2).names(LIST_ALL) == []
    assert town.directory.dropped == 0


def test_how_far_a_session_is_recorded_is_listed_and_a_gap_can_be_seen(town):
    (entry,) = town.say(announcement(next_seq=100)).record(80).ask()
    assert (entry.recorded, entry.next_seq) == (80, 100)
    (entry,) = town.record(120).ask()
    assert (entry.recorded, entry.next_seq) == (120, 121), "nothing is recorded before it is told"


def test_how_far_another_writer_is_recorded_says_nothing_of_this_one(town):
    (entry,) = town.say(announcement()).record(80, writer=START_AT + 5).ask()
    assert entry.recorded is None


def test_a_session_that_nobody_announces_goes_after_thirty_seconds(town):
    town.say(announcement())
    town.pass_(27)
    assert town.names() == [A]
    town.pass_(4)
    assert town.names(LIST_ALL) == []
    assert town.published[-1][1] == ()
    assert town.last_line()["reason"] == "gone"


def test_a_session_that_closes_stays_while_it_lingers_and_is_then_unlisted_as_closed(town):
    town.say(announcement()).say(announcement(next_seq=101, status=Standing.CLOSED))
    town.record(60)
    assert town.names() == [A]
    town.pass_(35)
    assert town.names() == []
    last = town.last_line()
    assert (last["type"], last["reason"]) == ("unlisted", "closed")
    assert (last["writer"], last["next_seq"], last["recorded"]) == (START_AT, 101, 60)


def test_that_a_session_went_before_it_was_recorded_is_said(town, said):
    town.say(announcement(next_seq=101)).record(60).pass_(40)
    assert f"session {A} is gone: published to 100, recorded to 60" in said


@pytest.mark.parametrize("standing", [Standing.RETAINED, Standing.FENCED])
def test_a_log_that_only_waits_to_be_recorded_is_not_on_air(town, standing):
    town.say(announcement(status=standing))
    assert town.names() == []
    assert town.names(LIST_ALL) == [A]
    assert town.lines() == [] if (town.folder / f"{DIRECTORY}.jsonl").stat().st_size else True


def test_of_two_writers_the_newer_one_that_is_live_is_listed(town):
    town.say(
        announcement(writer=START_AT + 9, next_seq=7),
        announcement(writer=START_AT, next_seq=100),
        announcement(writer=START_AT + 20, next_seq=9, status=Standing.FENCED),
    )
    (entry,) = town.ask()
    assert (entry.writer, entry.next_seq) == (START_AT + 9, 7)


def test_a_viewer_who_comes_later_is_given_the_list_at_once(town):
    town.say(announcement())
    late, heard = town.router.connect("late"), []
    late.subscribe(PUBLIC_DIRECTORY, heard.append)
    town.pass_(0.3)
    assert [entry.session for entry in read_listing(heard[0]).sessions] == [A]


def test_a_router_that_forgot_everything_is_told_again(town):
    town.say(announcement())
    town.router.kill()
    town.pass_(5)
    town.router.restart()
    town.pass_(0.5)
    assert json.loads(town.router.retained[PUBLIC_DIRECTORY][0])["sessions"][0]["session"] == A


def test_while_the_router_is_away_nothing_goes(town):
    town.say(announcement())
    town.router.kill()
    town.pass_(120)
    town.router.restart()
    assert town.pass_(20).names() == [A]
    assert town.pass_(15).names() == []


def test_the_list_is_published_once_a_second_at_most_and_heads_alone_every_ten_seconds(town):
    for number in range(100):
        town.announce(announcement(next_seq=100 + number, cars=number))
        town.pass_(0.1)
    moments = [at for at, _ in town.published]
    assert all(b - a > 0.75 for a, b in pairwise(at for at in moments if at > 1))
    assert len(moments) > 8
    town.pass_(1)
    before = len(town.published)
    for number in range(300):
        town.announce(announcement(next_seq=500 + number, cars=99))
        town.pass_(0.1)
    assert 2 <= len(town.published) - before <= 3


def test_an_idle_directory_says_nothing(town):
    town.say(announcement())
    before = len(town.published)
    town.on_air = [announcement()]
    town.pass_(60)
    assert len(town.published) == before


def test_after_a_restart_the_list_is_there_before_anybody_announces(town):
    town.say(announcement(A), announcement(B, hidden=True))
    town.close().open()
    assert town.names() == [A]
    assert town.names(LIST_ALL) == [A, B]
    town.pass_(35)
    assert town.names(LIST_ALL) == []
    assert [tag for tag, _ in town.lines()] == [LISTED, LISTED, "unlisted", "unlisted"]


def test_after_a_kill_the_list_is_there_too(town):
    town.say(announcement())
    town.kill().open()
    assert town.names() == [A]


def test_its_log_says_what_was_on_air_when(town):
    town.say(announcement(A)).say(announcement(B)).pass_(60)
    with open_reader_of(FOLD, town.disk, town.folder / DIRECTORY) as reader:
        assert list(reader.at(Seq(1)).state.sessions) == [A]
        assert list(reader.at(Seq(2)).state.sessions) == [A, B]
        assert list(reader.last().state.sessions) == []


def test_its_log_takes_what_a_session_is_called_and_no_heads_flags_or_clocks(town):
    for number in range(20):
        town.say(
            announcement(next_seq=100 + number, cars=number, flag=("green", "yellow")[number % 2])
        )
    assert town.lines() == [(LISTED, A)]
    town.say(announcement(name="ELMS"))
    town.say(announcement(name="ELMS", hidden=True))
    assert town.lines() == [(LISTED, A)] * 3


def test_a_second_directory_on_one_folder_is_refused(town):
    with pytest.raises(LogLocked):
        town.open()


def test_a_disk_that_refuses_its_log_stops_nothing_and_is_made_up_for(town, said):
    town.say(announcement(A))
    town.disk.refuse()
    town.say(announcement(B)).say(announcement(C))
    assert town.names() == [A, B, C]
    town.pass_(12)
    assert len([line for line in said if "without its log" in line]) == 1
    town.disk.relent()
    town.on_air = [announcement(A), announcement(C)]
    town.pass_(40)
    assert town.names() == [A, C]
    assert town.lines()[-1] in ((LISTED, C), ("unlisted", B))
    assert {session for _, session in town.lines()} >= {A, C}
    assert any("log goes on" in line for line in said)


def test_a_disk_that_refuses_from_the_start_stops_nothing(tmp_path, said):
    town = Town(tmp_path)
    town.close()
    town.disk.refuse()
    town.open().say(announcement(A))
    assert town.names() == [A]
    town.disk.relent()
    town.on_air = [announcement(A)]
    town.pass_(10)
    assert town.lines() == [(LISTED, A)]
    town.close()


def test_a_damaged_log_stops_nothing_and_is_left_alone(tmp_path, said):
    town = Town(tmp_path)
    town.say(announcement(A)).say(announcement(B)).close()
    path = tmp_path / f"{DIRECTORY}.jsonl"
    damaged = path.read_bytes().replace(b'"name":"WEC"', b'"name":"WEX"', 1)
    path.write_bytes(damaged)
    town.open().say(announcement(C))
    assert town.names() == [C]
    assert path.read_bytes() == damaged
    assert any("without its log" in line for line in said)
    town.close()


@pytest.mark.parametrize(
    "args",
    [
        *((), ("",), ("{}",), (None,), (3,), ("[]", "x"), ("x" * 20_000,)),
        (write_announcement(announcement()).replace(A, "../../etc/passwd"),),
        (write_announcement(announcement()).replace('"next_seq":100', '"next_seq":1e400'),),
        (
            write_announcement(announcement()).replace(
                '"feed":', '"elapsed":{"value_us":99999999999999999,"at":1,"runs":true},"feed":'
            ),
        ),
    ],
)
def test_what_is_no_announcement_is_dropped_and_told_once(town, said, args):
    for _ in range(3):
        town.service.publish(ANNOUNCE, *args)
    town.pass_(1)
    assert town.directory.dropped == 3
    assert len([line for line in said if "not taken" in line]) == 1
    assert town.say(announcement(B)).names(LIST_ALL) == [B]


def test_what_is_no_word_of_the_dvr_is_dropped(town):
    town.say(announcement())
    town.service.publish(recorded_topic(A), "nonsense")
    town.pass_(1)
    assert town.directory.dropped == 1
    assert town.names() == [A]


def test_a_list_is_never_longer_than_the_router_lets_through(town):
    for number in range(1_100):
        town.announce(announcement(f"{number + 16:032x}", name="é" * 250))
    town.pass_(3)
    answers = []
    town.viewer.call(LIST).addCallback(answers.append)
    town.pass_(0.6)
    assert 0.9 * MAX_LISTING < len(answers[0].encode()) <= MAX_LISTING + 100
    assert town.directory.dropped == 100


def day_of(town, minutes):
    """20 sessions of 2 h each at a time, announced every 10 s, with cars and heads that change."""
    rng = random.Random(3)
    for step in range(minutes * 6):
        if step % 720 == 0:
            ids = [f"{rng.randrange(16**31):032x}" for _ in range(20)]
        for number, session in enumerate(ids):
            args = write_announcement(
                announcement(
                    session, description=f"Race {number}", cars=step % 60, next_seq=step + 1
                )
            )
            town.directory._take(args)
        town.clock.advance(5)
        town.clock.advance(5)
    town.close()
    size = sum(path.stat().st_size for path in town.folder.glob(f"{DIRECTORY}.*"))
    lines = len(town.lines())
    town.open()
    print(f"{minutes} min: {size} bytes, {lines} events")  # noqa: T201 - a figure
    return size, lines


def test_announcements_do_not_make_its_log_grow(town):
    size, lines = day_of(town, 110)
    assert lines == 20
    assert size < 20_000


@pytest.mark.reliability
def test_a_day_of_twenty_sessions_at_a_time_leaves_a_small_log(town):
    size, lines = day_of(town, 24 * 60)
    assert lines == 12 * 20 + 11 * 20
    assert size < 200_000


def test_a_session_of_which_the_dvr_has_two_histories_is_listed_as_forked(town):
    town.on_air = [announcement(A), announcement(B)]
    town.say(*town.on_air)
    town.service.publish(FORKED, A, 2)
    town.service.publish(FORKED, C, 2)
    town.service.publish(FORKED, "nonsense")
    town.pass_(1)
    assert {entry.session: entry.forked for entry in town.ask()} == {A: True, B: False}
    assert town.published[-1][1][0].forked
    assert town.directory.dropped == 1
