"""The analysis of a session by a real router, as a viewer gets it; by console commands."""

import signal
from collections import Counter
from itertools import count

import msgspec
import pytest

from livetiming.events.log import RealDisk, open_reader
from livetiming.network.connection import CallFailed
from livetiming.network.names import (
    BUSY,
    NO_ANALYSIS,
    analysis_procedure,
    analysis_topic,
)
from livetiming.network.wire import MAX_ANSWER, Beacon, read_page, read_rows, read_tables
from livetiming.projections.analysis import TABLES, Analysis
from livetiming.services.api import Frame
from livetiming.services.capture import CaptureWriter
from livetiming.services.demo.feed import Feed
from livetiming.services.demo.plan import Plan
from livetiming.services.demo.simulation import CARS, SEED, START_AT
from livetiming.units import SECOND_US
from tests.cli.programs import BIN, Running, Service, environment, wait_for
from tests.cli.test_service_on_air import ID, Joined, on_air
from tests.network.running import SECRET, in_reactor, running_router

BASE = tuple(Analysis().base)
NOBODY = "wamp.error.no_such_procedure"


@pytest.fixture(scope="module")
def router(tmp_path_factory):
    with running_router(tmp_path_factory.mktemp("router")) as running:
        yield running


class Watching(Joined):
    """A viewer who looks at the analysis."""

    def __init__(self, router):
        super().__init__(router)
        self.told = []

    def watch(self, session=ID):
        take = lambda *args: self.told.append(read_rows(args))  # noqa: E731
        in_reactor(self.connection.subscribe, analysis_topic(session), take)
        return self

    def page(self, table, from_row=0, limit=100_000, session=ID):
        """A page, or the name of the error."""
        try:
            answer = self.ask(analysis_procedure(session), table, from_row, limit)
        except CallFailed as failed:
            return failed.error
        assert len(answer.encode()) <= MAX_ANSWER
        return read_page(answer) if table else read_tables(answer)

    def is_there(self, session=ID):
        return not isinstance(self.page("", session=session), str)

    def all(self, session=ID):
        """All tables, page by page, and how many pages that took of each."""
        tables, pages = {}, Counter()
        for table in TABLES:
            rows = tables[table] = []
            while True:
                page = self.page(table, len(rows), session=session)
                pages[table] += 1
                if not page.rows:
                    break
                rows += page.rows
        return tables, pages


def folded(path, until=None):
    """The tables of a log after an event, as JSON has them."""
    analysis = Analysis()
    with open_reader(RealDisk(), path) as reader:
        log = reader.start()
        for _, event in reader.events(log):
            analysis.step(event, log.state)
            if event.seq == until:
                break
    return {
        name: msgspec.json.decode(msgspec.json.encode(table.rows))
        for name, table in analysis.tables().items()
    }


def capture_of(path, seconds, lap_s):
    """What the demo's feed says of a race of 60 cars."""
    feed = Feed(Plan(SEED, CARS, seconds, lap_s=lap_s, retirements=False), START_AT, 1.0)
    writer = CaptureWriter(path, "demo", START_AT)
    writer.add(Frame(START_AT, "", feed.start(0)))
    for second in count(1):
        at, now_us = START_AT + second * 1000, second * SECOND_US
        if feed.over:
            writer.add(Frame(at, "", feed.end(now_us)))
            break
        writer.add(Frame(at, "", feed.beat(now_us)))
    writer.close()
    return path


@pytest.mark.parametrize(
    ("seconds", "lap_s", "speed", "least"),
    [
        (1800, 30, 400, 2500),
        pytest.param(
            24 * 3600, 220, 1200, 18_000, marks=[pytest.mark.reliability, pytest.mark.timeout(900)]
        ),
    ],
    ids=["half an hour", "a day"],
)
def test_a_late_viewer_gets_the_whole_race_page_by_page(
    tmp_path, router, seconds, lap_s, speed, least
):
    capture = capture_of(tmp_path / "race.capture", seconds, lap_s)
    env = {"LIVETIMING_ROUTER": router.url, "LIVETIMING_SHARED_SECRET": SECRET}
    args = ("demo", "--from", capture, "--speed", speed, "--uuid", ID, "--linger", 0)
    with Watching(router) as viewer, Service(tmp_path, *args, **env) as service:
        viewer.watch().listen(ID)
        wait_for(lambda: "staying until it is recorded" in service.said, "the end", 600)
        viewer.heard.clear()
        tables, pages = viewer.all()
        log = folded(service.path(ID))
        for name in TABLES:
            assert tables[name] == log[name], name
        assert len(tables["laps"]) > least
        assert pages["laps"] > 2
        wait_for(lambda: any(isinstance(each, Beacon) for each in viewer.heard), "a beacon")
        assert service.process.poll() is None
        assert service.notes == []
        wait_for(lambda: heard(viewer) == {name: len(log[name]) for name in BASE}, "the last rows")
        service.signal(signal.SIGINT)
        wait_for(lambda: "stopping" in service.said, "that it stops")
        service.signal(signal.SIGINT)
        assert service.ended() == 0


def heard(viewer):
    """How many rows of each table a viewer has who was there all the time."""
    numbers = {name: set() for name in BASE}
    for said in list(viewer.told):
        for table, rows in said.rows.items():
            numbers[table].update(number for number, _ in rows)
    return {name: len(found) for name, found in numbers.items()}


def test_whoever_has_the_session_answers_for_its_analysis_from_the_first_lap_on(tmp_path, router):
    variables = environment(LIVETIMING_ROUTER=router.url, LIVETIMING_SHARED_SECRET=SECRET)
    (tmp_path / "dvr").mkdir()
    with (
        Watching(router) as viewer,
        Running(tmp_path / "dvr", [BIN / "livetiming-dvr"], variables),
    ):
        viewer.watch()
        with on_air(tmp_path, router, "--uuid", ID) as first:
            wait_for(lambda: viewer.is_there(ID), "an analysis")
            wait_for(lambda: len(viewer.page("laps").rows) > 8, "laps")
            wait_for(lambda: any("laps" in said.rows for said in viewer.told), "rows")
            live = viewer.page("laps")
            assert live.rows == folded(first.path(ID), live.seq)["laps"]
            wait_for(lambda: held_by_dvr(tmp_path / "dvr") > live.seq, "the recording")
            first.signal(signal.SIGKILL).ended()
        page = wait_for(lambda: answered(viewer), "the dvr's answer")
        assert page.writer == live.writer
        assert page.rows == folded(first.path(ID), page.seq)["laps"]
        assert len(page.rows) >= len(live.rows)
        viewer.told.clear()
        with on_air(tmp_path, router, "-s", first.path(ID)) as second:
            wait_for(lambda: getattr(viewer.page("laps"), "writer", 0) > live.writer, "the service")
            wait_for(lambda: len(viewer.page("laps").rows) > len(page.rows) + 4, "more laps")
            again = viewer.page("laps")
            assert again.rows == folded(second.path(ID), again.seq)["laps"]
            wait_for(lambda: any("laps" in said.rows for said in viewer.told), "rows")
            assert {said.writer for said in viewer.told} == {again.writer}
            second.signal(signal.SIGUSR1)
            assert second.ended() == 0
            assert second.notes == []


def answered(viewer):
    page = viewer.page("laps")
    assert not isinstance(page, str) or page in (BUSY, NOBODY, "wamp.error.canceled"), page
    return None if isinstance(page, str) else page


def held_by_dvr(folder):
    """The last line that the dvr has on its disk."""
    tail = folder / "livetiming-data" / "temp" / f"{ID}.jsonl"
    try:
        with open_reader(RealDisk(), tail) as reader:
            return reader.last().seq
    except Exception:
        return 0


def test_without_analysis_there_is_none(tmp_path, router):
    with (
        Watching(router) as viewer,
        on_air(tmp_path, router, "--uuid", ID, "--disable-analysis") as service,
    ):
        viewer.watch().listen(ID)
        wait_for(lambda: len(viewer.published) > 5, "lines")
        assert viewer.page("laps") == NO_ANALYSIS
        assert viewer.page("") == NO_ANALYSIS
        assert viewer.told == []
        service.signal(signal.SIGUSR1)
        assert service.ended() == 0
