"""The analysis that a service gives beside its lines, on a simulated router."""

import errno
from random import Random

import msgspec
import pytest

from livetiming.events import CloseReason, Passed
from livetiming.events.log import RealDisk, open_reader
from livetiming.network.names import (
    BAD_ARGUMENT,
    BUSY,
    NO_ANALYSIS,
    analysis_procedure,
    analysis_topic,
)
from livetiming.network.wire import (
    MAX_ANSWER,
    MAX_MESSAGE,
    BadMessage,
    read_page,
    read_rows,
    read_tables,
)
from livetiming.projections.analysis import TABLES, VERSION, Analysis
from livetiming.services import Fact, analysing, changed_rows
from livetiming.services.terms import Terms
from tests.services.on_air import Broadcast, Failed, Listener, router, settle
from tests.services.stage import TroubledDisk, going_on, laps, message, seen

BASE = tuple(Analysis().base)
MADE = tuple(name for name in TABLES if name not in BASE)


class Watching(Listener):
    """Hears what is told of an analysis, and asks for it."""

    def __init__(self, router):
        super().__init__(router)
        self.told = []
        self.messages = []

    def watch(self, session):
        self.connection.subscribe(analysis_topic(session), self._take)
        settle(self.router)
        return self

    def _take(self, *args):
        self.told.append((self.router.clock.seconds(), read_rows(args)))
        self.messages.append(args)

    def analysis(self, session, table, from_row=0, limit=10_000):
        answer = self.ask(analysis_procedure(session), table, from_row, limit)
        if isinstance(answer, Failed):
            return answer
        assert len(answer.encode()) <= MAX_ANSWER
        return read_page(answer) if table else read_tables(answer)

    def rows(self, session, table, limit=10_000):
        """All rows, page by page."""
        found = []
        while (page := self.analysis(session, table, len(found), limit)).rows:
            assert page.next_row == len(found) + len(page.rows)
            found += page.rows
        return found

    def kept(self):
        """The rows as a viewer has them who heard all that was told."""
        tables = {}
        for _, said in self.told:
            for table, rows in said.rows.items():
                tables.setdefault(table, {}).update(dict(rows))
        return tables


@pytest.fixture
def air(tmp_path):
    return broadcast(tmp_path)


def broadcast(folder, **more):
    air = Broadcast(folder, **more)
    air.watching = Watching(air.router).watch(air.session)
    return air


def folded(path):
    """The analysis of a log from its first line, as JSON has it."""
    analysis = Analysis()
    with open_reader(RealDisk(), path) as reader:
        log = reader.start()
        for _, event in reader.events(log):
            analysis.step(event, log.state)
    return {
        name: msgspec.json.decode(msgspec.json.encode(table.rows))
        for name, table in analysis.tables().items()
    }


def of_log(air):
    return folded(air.stage.folder / air.session)


def crossing(car, lap, lap_us=90_000_000):
    return Fact(Passed(car=car, line="finish", lap=lap, lap_us=lap_us))


def race(air, first, last, wait_s=0.3):
    for lap in range(first, last):
        air.stage.frame(crossing("7", lap), crossing("8", lap), laps(lap), wait_s=wait_s)


# answers


@pytest.mark.parametrize("table", TABLES)
def test_each_table_is_answered_as_it_is_folded_from_the_log(air, table):
    race(air, 2, 12)
    air.stage.frame(message(1))
    air.stage.advance(2)
    assert air.watching.rows(air.session, table) == of_log(air)[table]


def test_a_page_says_whose_it_is_and_where_it_stands(air):
    race(air, 2, 6)
    page = air.watching.analysis(air.session, "laps", 2, 3)
    assert (page.writer, page.seq) == (air.writer, len(air.stage.lines()))
    assert (page.version, page.table, page.next_row) == (VERSION, "laps", 5)
    assert page.rows == of_log(air)["laps"][2:5]
    assert page.columns == Analysis().base["laps"].columns
    beyond = air.watching.analysis(air.session, "laps", 1000, 5)
    assert (beyond.rows, beyond.next_row) == ([], len(of_log(air)["laps"]))


@pytest.mark.parametrize("table", ["positions", "gaps"])
def test_page_by_page_is_the_same_as_at_once(air, table):
    race(air, 2, 9)
    pages = air.watching.rows(air.session, table, 3)
    assert pages == of_log(air)[table]
    assert len(pages) > 6


def test_the_nameless_table_says_which_there_are(air):
    race(air, 2, 6)
    said = air.watching.analysis(air.session, "")
    assert said.tables == {
        **{name: len(rows) for name, rows in of_log(air).items() if name in BASE},
        **dict.fromkeys(MADE),
    }
    assert said.seq == len(air.stage.lines())


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("laps",),
        ("laps", 0),
        ("laps", 0, 1, 2),
        ("lapse", 0, 1),
        (None, 0, 1),
        ("laps", -1, 1),
        ("laps", 0, 0),
        ("laps", 0, True),
        ("laps", "0", 1),
        ("laps", 0, {}),
    ],
)
def test_another_question_is_refused(air, args):
    assert air.watching.ask(analysis_procedure(air.session), *args) == BAD_ARGUMENT


def test_nothing_is_analysed_that_is_not_durable(air):
    race(air, 2, 4)
    before = of_log(air)["laps"]
    air.stage.slow_threads()
    race(air, 4, 5)
    assert air.watching.rows(air.session, "laps") == before
    while air.stage.threads:
        air.stage.run_thread()
    assert len(air.watching.rows(air.session, "laps")) == len(before) + 2


def test_a_table_that_was_made_is_made_again_after_a_while_and_in_a_thread(air):
    race(air, 2, 4)
    first = air.watching.analysis(air.session, "classification")
    race(air, 4, 5, wait_s=0.1)
    assert air.watching.analysis(air.session, "classification") == first
    air.stage.advance(2)
    assert air.watching.analysis(air.session, "classification").seq > first.seq
    air.stage.advance(2)
    air.stage.slow_threads()
    answers = [
        air.watching.connection.call(analysis_procedure(air.session), "gaps", 0, 9)
        for _ in range(3)
    ]
    settle(air.router)
    assert not any(answer.called for answer in answers)
    assert air.watching.analysis(air.session, "laps").rows
    while air.stage.threads:
        air.stage.run_thread()
    settle(air.router)
    assert len({answer.result for answer in answers}) == 1


# what is told


def test_who_heard_all_that_is_told_has_what_is_answered(air):
    race(air, 2, 8)
    air.stage.frame(laps(4))
    race(air, 5, 9)
    air.stage.frame(message(1))
    air.stage.advance(2)
    late = Watching(air.router)
    held = {name: dict(enumerate(late.rows(air.session, name))) for name in BASE}
    for table, rows in air.watching.kept().items():
        assert rows == {number: held[table][number] for number in rows}
        assert set(range(min(rows), len(held[table]))) <= set(rows)
    assert any(row[-1] is not None for row in air.watching.kept()["laps"].values())


def test_what_changes_is_told_at_most_once_a_second_and_together(air):
    air.stage.advance(2)
    air.watching.told.clear()
    began = air.router.clock.seconds()
    race(air, 2, 42, wait_s=0.25)
    spent = air.router.clock.seconds() - began
    assert 8 <= len(air.watching.told) <= spent + 1
    seqs = [said.seq for _, said in air.watching.told]
    assert seqs == sorted(set(seqs))
    assert {said.writer for _, said in air.watching.told} == {air.writer}


def test_nothing_is_told_where_nothing_changed(air):
    air.stage.advance(3)
    air.watching.told.clear()
    air.stage.advance(60)
    assert air.watching.told == []


def test_much_at_once_is_told_in_messages_of_64_kib(air):
    air.stage.advance(2)
    air.watching.told.clear()
    for n in range(3):
        messages = [message(f"{n} {each} " + "x" * 240) for each in range(600)]
        air.stage.frame(*messages, wait_s=0.05)
    air.stage.advance(10)
    assert len(air.watching.kept()["messages"]) == 1800
    assert all(len(text.encode()) <= MAX_MESSAGE for _, _, text in air.watching.messages)
    instants = sorted(at for at, _ in air.watching.told)
    assert len(instants) > 8
    assert all(later - first > 0.9 for first, later in zip(instants, instants[4:], strict=False))


def test_what_was_not_heard_while_the_router_was_away_is_told_after_the_next_join(air):
    air.stage.advance(2)
    race(air, 2, 5)
    air.stage.advance(2)
    air.watching.told.clear()
    air.router.kill()
    race(air, 5, 7)
    air.router.restart()
    air.stage.advance(3)
    held = of_log(air)["laps"]
    kept = air.watching.kept()["laps"]
    assert kept == {number: held[number] for number in kept}
    assert len(kept) == len(held)


def test_what_changed_long_ago_while_the_router_was_away_is_told_too(air):
    air.stage.advance(2)
    air.watching.told.clear()
    air.router.kill()
    race(air, 2, 5)
    air.stage.advance(changed_rows.UNSURE_S * 2)
    air.router.restart()
    air.stage.advance(3)
    assert list(air.watching.kept()["laps"].values()) == of_log(air)["laps"][-6:]


def test_what_was_told_long_before_a_join_is_not_told_again(air):
    race(air, 2, 5)
    air.stage.advance(changed_rows.UNSURE_S * 2)
    air.watching.told.clear()
    air.router.kill()
    air.router.restart()
    air.stage.advance(3)
    assert air.watching.told == []


def test_who_leaves_the_session_to_another_process_tells_the_rest(air):
    air.stage.advance(2)
    air.watching.told.clear()
    race(air, 2, 3, wait_s=0.2)
    air.stage.frame(crossing("7", 3), crossing("8", 3), laps(3), wait_s=0.05)
    air.stage.service.restart()
    air.stage.advance(0.1)
    assert list(air.watching.kept()["laps"].values()) == of_log(air)["laps"][-4:]


def test_the_end_is_told_too(air):
    race(air, 2, 5)
    air.stage.advance(2)
    air.watching.told.clear()
    air.stage.frame(crossing("7", 5), crossing("8", 5), laps(5), message(1), wait_s=0)
    air.stage.service.stop(CloseReason.FINISHED)
    air.stage.advance(2)
    held = of_log(air)
    assert air.stage.kinds()[-1] == "closed finished"
    assert list(air.watching.kept()["laps"].values()) == held["laps"][-2:]
    assert list(air.watching.kept()["messages"].values()) == held["messages"][-1:]
    assert air.watching.rows(air.session, "laps") == held["laps"]


# turned off


@pytest.fixture
def bare(tmp_path):
    return broadcast(tmp_path, terms=Terms(class_="rmonitor", analysis=False))


def test_a_session_that_is_not_to_be_analysed_has_no_analysis(bare):
    race(bare, 2, 5)
    bare.stage.advance(3)
    assert bare.watching.analysis(bare.session, "laps") == NO_ANALYSIS
    assert bare.watching.analysis(bare.session, "") == NO_ANALYSIS
    assert bare.watching.told == []


# restarts


def restarted(air, *, slow=False, **more):
    """Another process goes on in the log."""
    air.stage.service.restart()
    air.stage.advance(1)
    air.watching.told.clear()
    stage = going_on(air.stage, router=air.router, **more)
    if slow:
        stage.slow_threads()
    stage.start()
    stage.parser.shown = air.stage.parser.shown
    air.stage = stage
    return air


def test_after_a_restart_the_analysis_begins_with_the_first_lap(air):
    race(air, 2, 20)
    restarted(air)
    air.stage.advance(1)
    air.stage.frame(seen(), laps(19))
    race(air, 20, 24)
    air.stage.advance(2)
    for name in TABLES:
        assert air.watching.rows(air.session, name) == of_log(air)[name]
    assert len(air.watching.rows(air.session, "laps")) > 40
    writers = {said.writer for _, said in air.watching.told}
    assert writers == {air.writer}


def test_lines_that_come_while_the_past_is_folded_are_in_the_analysis(air):
    race(air, 2, 20)
    restarted(air, slow=True)
    folds = write_only(air, 2)
    assert air.watching.analysis(air.session, "laps") == BUSY
    assert air.watching.analysis(air.session, "") == BUSY
    air.stage.frame(seen(), laps(19))
    for lap in range(20, 30):
        air.stage.frame(crossing("7", lap), crossing("8", lap), laps(lap), wait_s=0.3)
        folds += write_only(air, 0.2)
    assert [work.__name__ for _, work, _ in folds] == ["fold"]
    assert air.watching.told == []
    air.stage.threads = folds
    air.stage.run_thread()
    assert folds == []
    air.stage.threads = None
    air.stage.advance(2)
    assert air.watching.told[0][1].rows == {}
    assert air.watching.told[0][1].writer == air.writer
    assert air.watching.rows(air.session, "laps") == of_log(air)["laps"]
    race(air, 30, 33)
    assert air.watching.rows(air.session, "laps") == of_log(air)["laps"]


def test_many_lines_that_come_while_the_past_is_folded_are_folded_in_a_thread_too(air, monkeypatch):
    monkeypatch.setattr(analysing, "NEAR", 5)
    race(air, 2, 8)
    restarted(air, slow=True)
    folds = write_only(air, 2)
    air.stage.frame(seen(), laps(7))
    for lap in range(8, 14):
        air.stage.frame(crossing("7", lap), crossing("8", lap), laps(lap), wait_s=0.3)
        folds += write_only(air, 0.2)
    air.stage.threads = folds
    air.stage.run_thread()
    assert [work.__name__ for _, work, _ in air.stage.threads] == ["fold"]
    assert air.watching.analysis(air.session, "laps") == BUSY
    air.stage.run_thread()
    air.stage.threads = None
    assert air.watching.rows(air.session, "laps") == of_log(air)["laps"]


def test_a_restart_may_turn_the_analysis_off_and_on(air):
    race(air, 2, 6)
    restarted(air, terms=Terms(class_="rmonitor", analysis=False))
    air.stage.advance(1)
    air.stage.frame(seen(), laps(5))
    race(air, 6, 8)
    assert air.watching.analysis(air.session, "laps") == NO_ANALYSIS
    restarted(air)
    air.stage.advance(1)
    air.stage.frame(seen(), laps(7))
    race(air, 8, 10)
    assert air.watching.rows(air.session, "laps") == of_log(air)["laps"]


def write_only(air, seconds):
    """Run what writes the log, and hold back what folds it; gives the latter."""
    held = []
    for _ in range(round(seconds / 0.05)):
        while air.stage.threads:
            if air.stage.threads[0][1].__name__ == "fold":
                held.append(air.stage.threads.pop(0))
            else:
                air.stage.run_thread()
        air.stage.advance(0.05)
    return held


def test_an_analysis_that_fails_keeps_no_line_from_anybody(air, monkeypatch):
    race(air, 2, 5)

    def fail(*_):
        raise ZeroDivisionError("nobody knows why")

    monkeypatch.setattr(Analysis, "step", fail)
    race(air, 5, 8)
    assert air.watching.analysis(air.session, "laps") == NO_ANALYSIS
    assert air.listener.lines() == air.stage.lines()[-len(air.listener.lines()) :]
    assert air.listener.events(air.session).next_seq == len(air.stage.lines()) + 1


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_lost_on_the_way_a_join_heals(tmp_path, seed):
    air = broadcast(tmp_path, router=router(seed))
    rng = Random(seed)
    lap = 2
    for _ in range(6):
        race(air, lap, lap + 3)
        lap += 3
        air.router.lost = 1.0
        race(air, lap, lap + 2)
        lap += 2
        air.stage.frame(laps(lap - 3))
        lap -= 2
        air.stage.advance(rng.uniform(0, 3))
        air.router.lost = 0.0
        air.router.kill()
        air.stage.advance(rng.uniform(0, 3))
        air.router.restart()
        air.stage.advance(2.5)
    held = of_log(air)["laps"]
    kept = air.watching.kept()["laps"]
    assert kept == dict(enumerate(held))


@pytest.mark.parametrize(
    "args", [(), (1, 2), (1, 2, "{"), (1, 2, '{"laps":[[1]]}'), (-1, 2, "{}"), (1, 2, "{}", 3)]
)
def test_what_is_no_message_is_not_read(args):
    with pytest.raises(BadMessage):
        read_rows(args)


# the disk


def test_after_the_disk_came_back_the_analysis_is_that_of_the_log(tmp_path):
    disk = TroubledDisk()
    air = broadcast(tmp_path, disk=disk)
    race(air, 2, 6)
    disk.refuse("write", "sync")
    race(air, 6, 10)
    before = air.watching.rows(air.session, "laps")
    assert len(before) == len(of_log(air)["laps"])
    disk.relent()
    air.stage.advance(10)
    race(air, 10, 13)
    air.stage.advance(2)
    rows = air.watching.rows(air.session, "laps")
    assert rows == of_log(air)["laps"]
    assert len(rows) == len(before) + 14
    kept = air.watching.kept()["laps"]
    assert kept == {number: rows[number] for number in kept}


def test_lines_that_got_to_the_disk_though_it_failed_are_analysed_when_it_is_back(tmp_path):
    disk = TroubledDisk(written=1)
    air = broadcast(tmp_path, disk=disk)
    race(air, 2, 4)
    disk.refuse("sync")
    race(air, 4, 5)
    air.stage.advance(3)
    disk.relent()
    air.stage.advance(10)
    race(air, 5, 6)
    rows = air.watching.rows(air.session, "laps")
    assert rows == of_log(air)["laps"]
    assert {row[4] for row in rows} >= {2, 3, 4, 5}


def test_a_log_that_cannot_be_read_is_read_again_later(tmp_path):
    disk = TroubledDisk(errno.EIO)
    air = broadcast(tmp_path, disk=disk)
    race(air, 2, 6)
    restarted(air, slow=True, disk=disk)
    folds = write_only(air, 2)
    disk.refuse("open")
    air.stage.threads = folds
    air.stage.run_thread()
    air.stage.threads = None
    assert air.watching.analysis(air.session, "laps") == BUSY
    air.stage.advance(analysing.RETRY_S * 2)
    assert air.watching.analysis(air.session, "laps") == BUSY
    disk.relent()
    air.stage.advance(analysing.RETRY_S * 2)
    assert air.watching.rows(air.session, "laps") == of_log(air)["laps"]
