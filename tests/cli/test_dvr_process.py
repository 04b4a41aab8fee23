"""`livetiming-dvr` as it is run: beside a router, with services, killed, and started twice."""

import random
import signal
import time
from contextlib import ExitStack, contextmanager

import msgspec
import pytest

from livetiming.analyses import analyse, analysis_path, read_stored
from livetiming.events.log import RealDisk, Status, open_reader, verify
from tests.cli.programs import BIN, Running, Service, environment, run, wait_for
from tests.network.running import SECRET, running_router

NOWHERE = "ws://127.0.0.1:9/ws"


class RunningDvr(Running):
    """`livetiming-dvr` in a process.

    Args:
        folder: where it runs; its folders are in `livetiming-data` in it.
        router: its address.
    """

    def __init__(self, folder, router=NOWHERE, **more):
        self.temp, self.recordings, self.analyses = (
            folder / "livetiming-data" / n for n in ("temp", "recordings", "analysis")
        )
        given = {
            "LIVETIMING_ROUTER": router,
            "LIVETIMING_SHARED_SECRET": SECRET,
            "LIVETIMING_MIN_RECORDING_S": "0",
            **more,
        }
        super().__init__(folder, [BIN / "livetiming-dvr", "-v"], environment(**given))

    def sealed(self):
        return list(self.recordings.glob("*.jsonl.zst"))


def lines(path):
    with open_reader(RealDisk(), path) as reader:
        return [line for line, _ in reader.events()]


@contextmanager
def on_air(folder, *args):
    """A router and the demo's service that joins it."""
    with ExitStack() as stack:
        router = stack.enter_context(running_router(folder / "router"))
        joined = {"LIVETIMING_ROUTER": router.url, "LIVETIMING_SHARED_SECRET": SECRET}
        service = stack.enter_context(Service(folder, "demo", *args, **joined))
        yield router, service


def race(folder, kills, rng, *, lingers=False):
    """Record a race, with the dvr killed at random; its log and the recording must be equal.

    Args:
        folder: where all of it is.
        kills: of the dvr.
        rng: when.
        lingers: see the service's end too, which waits half a minute for its last viewers.
    """
    with on_air(folder) as (router, service), ExitStack() as stack:
        wait_for(service.sessions, "a session")
        dvr = stack.enter_context(RunningDvr(folder, router.url))
        for _ in range(kills):
            time.sleep(rng.uniform(1.5, 5))
            dvr.process.kill()
            dvr.process.wait()
            dvr = stack.enter_context(RunningDvr(folder, router.url))
        service.process.send_signal(signal.SIGTERM)
        sealed = wait_for(dvr.sealed, f"a recording; {dvr.said} {service.said}", 60)
        session = service.sessions()[0]
        wait_for(lambda: not list(dvr.temp.glob(f"{session}*")), "the growing files' end")
        assert [path.name[-42:] for path in sealed] == [f"{session}.jsonl.zst"]
        assert verify(RealDisk(), sealed[0]).status is Status.WHOLE
        assert lines(sealed[0]) == lines(service.path(session))
        stored = analysis_path(dvr.analyses, session)
        wait_for(stored.exists, f"its analysis; {dvr.said}")
        with open_reader(RealDisk(), sealed[0]) as reader:
            expected = msgspec.json.decode(analyse(reader).document())
        assert msgspec.to_builtins(read_stored(RealDisk(), stored)) == expected
        if lingers:
            assert service.process.wait(60) == 0
        dvr.process.send_signal(signal.SIGTERM)
        assert dvr.process.wait(10) == 0
        assert "Traceback" not in dvr.said


def test_a_race_is_recorded_line_by_line_though_the_dvr_is_killed(tmp_path):
    race(tmp_path, 2, random.Random(1))


@pytest.mark.reliability
@pytest.mark.timeout(900)
def test_a_race_is_recorded_line_by_line_though_the_dvr_is_killed_thirty_times(tmp_path):
    race(tmp_path, 30, random.Random(2), lingers=True)


def _two(folder):
    """Two dvrs start at once; gives how the second ended."""
    with RunningDvr(folder) as first, RunningDvr(folder) as second:
        both = [first, second]
        ended = wait_for(
            lambda: [each for each in both if each.process.poll() is not None],
            f"one that ends: {first.said} {second.said}",
        )
        assert len(ended) == 1
        assert ended[0].process.returncode == 75
        assert ended[0].said.count("\n") == 1
        assert "another dvr records here" in ended[0].said
        left = next(each for each in both if each is not ended[0])
        time.sleep(0.1)
        assert left.process.poll() is None
        left.process.kill()
        left.process.wait()


@pytest.mark.parametrize("trial", range(2))
def test_of_two_dvrs_of_a_folder_one_survives(tmp_path, trial):
    _two(tmp_path)


@pytest.mark.reliability
@pytest.mark.timeout(3600)
def test_of_two_dvrs_of_a_folder_one_survives_two_hundred_times(tmp_path):
    for _ in range(200):
        _two(tmp_path)


def test_a_second_dvr_says_why_it_does_not_start_within_three_seconds(tmp_path):
    with RunningDvr(tmp_path) as first:
        wait_for(lambda: "off the air" in first.said, "a dvr that runs, and obeys signals")
        began = time.monotonic()
        with RunningDvr(tmp_path) as second:
            assert second.process.wait(30) == 75
            took = time.monotonic() - began
        first.process.send_signal(signal.SIGTERM)
        assert first.process.wait(20) == 0
    assert took < 3


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({}, "LIVETIMING_SHARED_SECRET"),
        ({"LIVETIMING_SHARED_SECRET": "short"}, "LIVETIMING_SHARED_SECRET"),
        (
            {"LIVETIMING_RECORDINGS_DIR": "x", "LIVETIMING_RECORDINGS_TEMP_DIR": "x"},
            "LIVETIMING_RECORDINGS_DIR",
        ),
    ],
)
def test_what_is_set_wrong_is_said_in_one_line(tmp_path, settings, what):
    ended = run("livetiming-dvr", cwd=tmp_path, **settings)
    assert ended.returncode == 2
    assert what in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not list(tmp_path.glob("livetiming-data"))
