import subprocess
import sys
from contextlib import closing

import pytest

from livetiming.cli.rectool.sources import LiveSource, PlayedSource
from livetiming.cli.rectool.watch import REDRAW_S, TICK_S, show_source
from livetiming.cli.table import Mode
from livetiming.events import Closed, CloseReason
from livetiming.events.log import Instant, RealDisk, Seq, open_log, open_reader
from livetiming.events.log.following import Follower
from tests import six_lines
from tests.cli import race


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Drawn:
    """A screen that notes what it drew."""

    def __init__(self, *, redraws=False):
        self.redraws = redraws
        self.looks = []

    def draw(self, source):
        self.looks.append(source.look(80, 24))


def played(log, moment=None, speed=1, clock=None, *, redraws=False):
    clock, screen = clock or Clock(), Drawn(redraws=redraws)
    show_source(PlayedSource(log, moment, speed, clock), screen, clock.sleep)
    return screen.looks


@pytest.fixture
def six(growing):
    with open_reader(RealDisk(), growing) as log:
        yield log


class TestPlaying:
    def test_each_event_is_drawn_when_it_is_due(self, six):
        looks = played(six)
        assert [look.seq for look in looks] == [1, 2, 5, 6]
        for look, at in zip(looks, (0, 250, 1250, 12250), strict=True):
            assert 0 <= look.at - 1781445600000 - at <= TICK_S * 1000 + 1

    def test_speed_is_how_much_faster_it_goes(self, six):
        clock = Clock()
        played(six, speed=10, clock=clock)
        assert clock.now - 1000 == pytest.approx(1.225, abs=TICK_S)

    @pytest.mark.parametrize(
        ("moment", "seqs"),
        [(Seq(2), [2, 5, 6]), (Instant(1781445601250), [5, 6]), (Instant(1), [1, 2, 5, 6])],
    )
    def test_it_begins_where_it_is_told_to(self, six, moment, seqs):
        assert [look.seq for look in played(six, moment)] == seqs

    def test_between_two_events_the_clock_begins_at_the_moment_asked_for(self, six):
        first = played(six, Instant(1781445605000))[0]
        assert (first.seq, first.at, first.mode) == (5, 1781445605000, Mode.REPLAY)

    @pytest.mark.parametrize("moment", [Seq(6), Seq(99), Instant(10**13)])
    def test_behind_the_end_there_is_one_picture(self, six, moment):
        (look,) = played(six, moment)
        assert (look.seq, look.at) == (6, 1781445612250)

    def test_a_terminal_sees_the_clocks_go_on(self, six):
        looks = played(six, redraws=True)
        assert len(looks) >= 12 / (REDRAW_S + TICK_S)


class TestFollowing:
    @pytest.fixture
    def live(self, tmp_path):
        with closing(open_log(RealDisk(), tmp_path, race.SESSION).log) as log:
            race.write(log, list(race.happenings(8, 1))[:10])
            yield log, Follower(RealDisk(), tmp_path / f"{race.SESSION}.jsonl")

    def test_news_is_drawn_until_the_files_are_gone(self, live, tmp_path):
        log, follower = live
        steps = iter(list(race.happenings(8, 1))[10:14])
        screen = Drawn()

        def sleep(_):
            step = next(steps, None)
            if step:
                race.write(log, [step])
            else:
                (tmp_path / f"{race.SESSION}.jsonl").unlink()

        show_source(LiveSource(follower, lambda: 0, lambda: 0), screen, sleep)
        assert [look.seq for look in screen.looks] == [10, 11, 12, 13, 14]

    def test_age_is_that_of_the_newest_line(self, live):
        log, follower = live
        look = LiveSource(follower, lambda: log.place.at + 4321, lambda: 0).look(80, 24)
        assert (look.mode, look.age_ms, look.at) == (Mode.LIVE, 4321, log.place.at + 4321)

    def test_a_writer_whose_clock_is_ahead_makes_no_negative_age(self, live):
        log, follower = live
        look = LiveSource(follower, lambda: log.place.at - 4321, lambda: 0).look(80, 24)
        assert (look.age_ms, look.at) == (0, log.place.at)

    def test_the_time_of_a_fast_session_goes_on_at_its_rate(self, live):
        log, follower = live
        race.write(log, [(log.place.at, race.described(rate=10))])
        follower.poll()
        look = LiveSource(follower, lambda: 9000, lambda: 7000).look(80, 24)
        assert (look.age_ms, look.at) == (2000, log.place.at + 20_000)

    def test_it_ends_with_its_session_where_it_is_told_to(self, live):
        log, follower = live
        source = LiveSource(follower, lambda: 0, lambda: 0, ends_closed=True)
        screen, over = Drawn(), [race.described(), Closed(CloseReason.FINISHED)]
        show_source(source, screen, lambda _: race.write(log, [(log.place.at, over.pop(0))]))
        assert [look.seq for look in screen.looks] == [10, 11, 12]
        assert not LiveSource(follower, lambda: 0, lambda: 0).ended


class TestCommand:
    def test_once_prints_one_table_and_ends(self, rectool, growing):
        result = rectool("watch", growing, "--once")
        assert result.exit_code == 0
        assert result.stdout.count("WEC · Race") == 1
        assert "■ OVER finished  newest line" in result.stdout

    def test_once_of_a_moment_prints_that(self, rectool, growing):
        assert "event 4" in rectool("watch", growing, "seq:4", "--once").stdout

    def test_once_of_a_recording_prints_its_end(self, rectool, recording):
        assert "event 618" in rectool("watch", recording, "--once").stdout

    def test_without_a_terminal_each_update_is_a_table(self, rectool, growing):
        result = rectool("watch", growing, "--speed", "1000")
        tables = result.stdout.split("\n\n")
        assert len(tables) in (2, 3, 4)
        assert all("REPLAY ×1000" in table for table in tables)
        assert "\x1b" not in result.stdout

    def test_it_follows_and_waits_for_a_log_that_is_not_there_yet(self, tmp_path):
        tail = tmp_path / f"{six_lines.SESSION}.jsonl"
        with subprocess.Popen(
            [sys.executable, "-m", "livetiming.cli.rectool", "watch", "--wait", tail],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout
            assert process.stderr
            assert process.stderr.readline().startswith(b"waiting: ")
            tail.write_bytes(six_lines.TAIL)
            assert "■ OVER finished".encode() in process.stdout.readline()
            rest = process.stdout.read()
            assert rest.startswith(b" ")
            assert process.stderr.read() == b""
            assert process.wait(60) == 0
