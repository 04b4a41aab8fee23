import pytest
from rich.cells import cell_len

from livetiming.cli.table import Look, Mode, timing_screen
from livetiming.cli.table_cells import FLAGS, MARKS, STATES, cell_text
from livetiming.events import (
    Changed,
    Clock,
    Closed,
    CloseReason,
    Event,
    Feed,
    FeedStatus,
    Laps,
    State,
    apply,
)
from livetiming.racing import CarState, Column, ColumnType, Flag, Mark, columns
from tests.cli import race

NOW = race.START + 210_000


def folded(*more, until=NOW, cars=62):
    state = State()
    events = [what for what in race.happenings(cars) if what[0] <= until]
    for seq, (at, payload) in enumerate([*events, *((until, one) for one in more)], 1):
        apply(state, Event(seq, at, payload))
    return state


def screen(state, width=80, height=None, mode=Mode.LIVE, **look):
    lines = timing_screen(state, Look(width, NOW, mode, height, **look))
    return [line.plain.rstrip() for line in lines]


@pytest.mark.parametrize("width", [1, 10, 40, 60, 80, 120, 200, 400])
@pytest.mark.parametrize("height", [None, 1, 3, 5, 10, 24, 50])
def test_no_line_is_wider_and_no_screen_higher_than_the_terminal(width, height):
    lines = timing_screen(folded(), Look(width, NOW, Mode.LIVE, height))
    if width >= 40:
        assert max(cell_len(line.plain) for line in lines) <= width
    assert height is None or len(lines) <= height


def test_at_80_columns_the_columns_that_matter_most_are_there():
    lines = screen(folded())
    titles = "P Num State Class Driver Laps Gap Int Last Best"
    assert lines[2].split() == titles.split()
    assert lines[4] == (
        " 2 2   run   HYPERCAR 小林 可夢偉        3    3.214    3.214 ▲1:40.228  1:40.228"
    )


def test_at_200_columns_nothing_is_missing_or_cut():
    lines = screen(folded(), 200)
    titles = "P Num State Class Team Driver Car Tyre Laps Gap Int S1 S2 S3 Last Best Pits"
    assert lines[2].split() == titles.split()
    assert "…" not in "".join(lines)


def test_at_60_columns_less_is_there():
    titles = screen(folded(), 60)[2].split()
    assert " ".join(titles) == "P Num Class Driver Laps Gap Int Last"


def test_sectors_come_together_or_not_at_all():
    for width in range(40, 220):
        titles = screen(folded(), width)[2].split()
        assert len({"S1", "S2", "S3"}.intersection(titles)) in (0, 3)


def test_numbers_do_not_dance():
    early, late = (screen(folded(until=race.START + s * 1000), 200)[2] for s in (1, 500))
    assert early == late


def test_cars_that_do_not_fit_are_counted():
    lines = screen(folded(), height=24)
    assert len(lines) == 24
    (row,) = [line for line in lines if "do not fit" in line]
    shown = sum("HYPERCAR" in line for line in lines)
    assert row == f"… and {62 - shown} more cars that do not fit"


def test_the_newest_message_stands_first():
    lines = screen(folded())
    rule = next(n for n, line in enumerate(lines) if line.startswith("──"))
    assert lines[rule + 1].startswith("14:03:20 Pits #")
    assert lines[rule + 2] == "14:02:40 RC FULL COURSE YELLOW"


def test_track_data_has_its_unit_and_the_timing_its_name():
    assert screen(folded())[-1].startswith("Air 21.99 °C")
    assert screen(folded())[-1].endswith("Timing by Nobody")


def test_a_session_that_says_nothing_yet_is_drawn_too():
    assert screen(State(), height=10)[0].startswith("Not described yet")
    assert "No cars yet" in screen(State())


class TestTime:
    def test_clocks_are_read_at_the_moment_that_is_shown(self):
        line = screen(folded())[1]
        assert line.startswith("0:03:30 elapsed")
        assert line.endswith("0:06:30 left")
        assert "GREEN   lap 3" in line

    def test_a_clock_that_stands_says_so(self):
        stopped = Changed(session={"remaining": Clock(60_000_000, NOW - 9999, runs=False)})
        assert screen(folded(stopped))[1].endswith("0:01:00 left (stopped)")

    def test_clocks_stand_after_the_end(self):
        state = folded(Closed(CloseReason.FINISHED))
        look = Look(80, NOW + 10**8, Mode.LIVE, age_ms=10**8)
        lines = [line.plain for line in timing_screen(state, look)]
        assert lines[1].startswith("0:03:30 elapsed")
        assert lines[0].endswith("■ OVER finished  newest line 27 h ago")

    def test_live_says_how_old_the_news_is(self):
        assert screen(folded(), age_ms=3210)[0].endswith("● LIVE  newest line 3 s ago")

    def test_a_lost_feed_is_not_called_live(self):
        top = screen(folded(Feed(FeedStatus.LOST)), age_ms=0)[0]
        assert "FEED LOST for 0 s" in top
        assert "LIVE" not in top

    def test_a_replay_says_which_moment_it_shows(self):
        top = screen(folded(), mode=Mode.REPLAY, speed=4)[0]
        assert top.endswith("▶ REPLAY ×4  2026-06-14 14:03:30Z")

    def test_one_moment_says_which(self):
        top = screen(folded(), mode=Mode.MOMENT, seq=217)[0]
        assert top.endswith("AT 2026-06-14 14:03:30Z  event 217")


class TestCells:
    @pytest.mark.parametrize(
        ("cell", "type_", "expected"),
        [
            (None, ColumnType.TIME, ""),
            (106_542_000, ColumnType.TIME, "1:46.542"),
            (25_102_500, ColumnType.TIME, "25.103"),
            (59_999_600, ColumnType.TIME, "1:00.000"),
            (612_345_678, ColumnType.TIME, "10:12.35"),
            (3_723_000_000, ColumnType.GAP, "1:02:03"),
            (123_000, ColumnType.GAP, "0.123"),
            (-1_500_000, ColumnType.GAP, "-1.500"),
            (Laps(3), ColumnType.GAP, "3 L"),
            ("PIT", ColumnType.TIME, "PIT"),
            (0, ColumnType.NUMBER, "0"),
            (312.4, ColumnType.SPEED, "312.4"),
            ("pit", ColumnType.STATE, "PIT"),
            ("a name too long", ColumnType.TEXT, "a name…"),
            ("小林可夢偉", ColumnType.TEXT, "小林可…"),
            ("\x1b[2Jx", ColumnType.TEXT, "�[2Jx"),
        ],
    )
    def test_a_cell_is_written_for_people(self, cell, type_, expected):
        assert cell_text(cell, type_, 8) == (expected, None)

    def test_a_mark_is_a_glyph_and_a_colour(self):
        assert cell_text((106_542_000, Mark.SB), ColumnType.TIME, 8) == ("1:46.542", Mark.SB)
        looks = [MARKS[mark] for mark in (None, *Mark)]
        assert len({glyph for glyph, _ in looks}) == len({style for _, style in looks}) == 5

    def test_each_state_has_a_word_of_its_own(self):
        assert STATES.keys() == set(CarState)
        assert len({word for word, _ in STATES.values()}) == len(CarState)

    def test_each_flag_has_words_of_its_own(self):
        assert FLAGS.keys() == set(Flag)
        assert len({words for words, _ in FLAGS.values()}) == len(Flag)


def with_columns(*described):
    return folded(race.described(columns=described))


def test_where_no_driver_is_known_the_team_takes_the_place():
    state = with_columns(*columns("num", "team", "laps", "gap", "int", "last", "best"))
    assert "Équipe Longue-Durée 1" in screen(state)[3]


def test_a_column_that_only_this_provider_has_is_shown_where_there_is_room():
    own = Column("weight", ColumnType.NUMBER, "Weight", "kg")
    assert "Weight" in screen(with_columns(*columns("num", "laps"), own))[2]


def test_a_text_cannot_move_the_cursor():
    evil = Changed(cars={"1": {"driver": "\x1b[31mred"}})
    assert "\x1b" not in "".join(screen(folded(evil, race.described(name="\x1b[2J")), 200))


def test_more_than_99_cars_keep_their_edges():
    lines = screen(folded(cars=120))
    assert lines[2].startswith("  P Num")
    assert lines[102].startswith("100 100")
