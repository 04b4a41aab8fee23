"""The analysis that the dvr answers for when a session's service is gone."""

import msgspec
import pytest

from livetiming.components.dvr.asked_analyses import KEPT_S, MAX_WAITING
from livetiming.events import Changed, Passed, SessionId
from livetiming.events.log import Folded
from livetiming.network import names
from livetiming.network.connection import CallFailed
from livetiming.network.wire import read_page, read_tables
from livetiming.projections.analysis import TABLES, Analysis
from tests.components.dvr.stage import IDS, START_AT, Service, Stage


def laps(service, first, last):
    """Two cars do some laps."""
    for lap in range(first, last):
        for car in ("7", "8"):
            service.history.add(Passed(car, "finish", lap, 90_000_000 + lap), 400)
        cars = {car: {"num": car, "laps": lap, "state": "run"} for car in ("7", "8")}
        service.history.add(Changed(cars=cars), 0)
    service.publish()


def begun(**described):
    """A session with two cars that have done 8 laps."""
    stage = Stage().start()
    service = stage.service(lines=0, **described)
    cars = {car: {"num": car} for car in ("7", "8")}
    service.history.add(Changed(cars=cars, order=(0, ("7", "8"))))
    laps(service, 1, 9)
    return stage, service


def left(**described):
    """A session that is recorded so far, whose service has gone."""
    stage, service = begun(**described)
    stage.until(lambda: service.is_recorded)
    service.die()
    return stage, service


def folded(service, count=None):
    """The tables of a history, as JSON has them."""
    analysis, log = Analysis(), Folded(SessionId(service.history.session))
    for line in service.history.lines[:count]:
        analysis.step(log.step(line), log.state)
    return {
        name: msgspec.json.decode(msgspec.json.encode(table.rows))
        for name, table in analysis.tables().items()
    }


def ask(stage, table, from_row=0, limit=10_000, session=IDS[0]):
    got = stage.ask(names.analysis_procedure(session), table, from_row, limit)
    if isinstance(got, str):
        return read_page(got) if table else read_tables(got)
    assert isinstance(got.value, CallFailed)
    return got.value.error


@pytest.mark.parametrize("table", TABLES)
def test_of_a_session_that_still_grows_each_table_is_folded_from_its_log(table):
    stage, service = left()
    page = ask(stage, table)
    assert page.rows == folded(service)[table]
    assert (page.writer, page.seq) == (START_AT, service.history.n)
    assert len(folded(service)["laps"]) == 16


def test_a_recording_is_answered_for_too():
    stage, service = begun()
    service.close()
    stage.until(lambda: stage.recordings() and not stage.growing_files())
    service.die()
    for table in TABLES:
        assert ask(stage, table).rows == folded(service)[table]
    assert ask(stage, "").tables["laps"] == 16


def test_what_is_recorded_later_is_folded_after_what_was():
    stage, service = left()
    assert len(ask(stage, "laps").rows) == 16
    assert ask(stage, "gaps").rows == folded(service)["gaps"]
    again = Service(stage, service.history, START_AT)
    laps(again, 9, 12)
    stage.until(lambda: again.is_recorded)
    again.die()
    page = ask(stage, "laps", 10, 4)
    assert (page.rows, page.next_row) == (folded(again)["laps"][10:14], 14)
    assert page.seq == again.history.n
    assert ask(stage, "gaps").rows == folded(again)["gaps"]
    assert ask(stage, "gaps", 3, 2).rows == folded(again)["gaps"][3:5]


def test_a_log_is_folded_anew_only_after_nobody_asked_for_a_while(monkeypatch):
    read = []
    plain = Analysis.step
    monkeypatch.setattr(Analysis, "step", lambda *args: read.append(1) or plain(*args))
    stage, service = left()
    for _ in range(3):
        ask(stage, "laps")
        stage.wait(KEPT_S / 2)
    assert len(read) == service.history.n
    stage.wait(KEPT_S)
    ask(stage, "laps")
    assert len(read) == 2 * service.history.n


def test_one_log_is_folded_at_a_time_and_who_comes_on_top_is_told_to_come_again():
    stage, service = left()
    other = stage.service(1, lines=3)
    stage.until(lambda: other.is_recorded)
    stage.threads = []
    viewer = stage.router.connect("viewer")
    answers = []
    for number in range(MAX_WAITING):
        session = IDS[number % 2]
        viewer.call(names.analysis_procedure(session), "laps", 0, 9).addBoth(answers.append)
    stage.wait(0.5)
    assert len(stage.threads) == 1
    assert ask(stage, "laps") == names.BUSY
    stage.release_threads()
    stage.until(lambda: len(answers) == MAX_WAITING)
    assert {len(read_page(answer).rows) for answer in answers} == {0, 9}
    assert ask(stage, "laps").rows == folded(service)["laps"]
    stage.stop()


def test_a_session_that_was_not_to_be_analysed_has_no_analysis():
    stage, _ = left(analysis=False)
    assert ask(stage, "laps") == names.NO_ANALYSIS
    assert ask(stage, "") == names.NO_ANALYSIS
    assert ask(stage, "lapse") == names.BAD_ARGUMENT
    assert ask(stage, "", session=IDS[3]) == names.UNKNOWN_SESSION
