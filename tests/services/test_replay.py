"""Row 14: replay equals live, at every event: of races of the demo and of RMonitor captures."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from livetiming.events.log import RealDisk, Status, seal_log, verify
from livetiming.services import CaptureHints
from livetiming.services.demo import PLUGIN as DEMO
from livetiming.services.demo.options import DemoOptions
from livetiming.services.demo.plan import Plan
from livetiming.services.rmonitor.captures import read_captures
from livetiming.services.rmonitor.protocol import RMonitorParser
from livetiming.services.transports.playback import Playback
from tests.services.demo import races
from tests.services.rmonitor_server import FIXTURES
from tests.services.stage import Stage, hashes, hashing, kinds

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("LIVETIMING_DATA", ROOT.parent / "shared" / "data")) / "rmonitor"
CAPTURES = sorted(DATA.rglob("*.txt")) or [DATA / "none"]
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no captures in {DATA}: set LIVETIMING_DATA to the folder of them"
)
UTC = CaptureHints(None, ZoneInfo("UTC"))


def replayed(folder, parser, feed):
    """Follow a feed to its end; the logs must fold to the states that were live, one by one.

    Returns: how many states were compared.
    """
    state_dir = folder / "state"
    state_dir.mkdir()
    with hashing() as live:
        stage = Stage(state_dir, parser=parser, feed=feed).start()
        while stage.code is None:
            stage.time.advance(0.25)
    for session, told in live.items():
        path = state_dir / session
        assert hashes(path) == told
        assert verify(RealDisk(), path).status is Status.WHOLE
        seal_log(RealDisk(), path, folder / f"{session}.jsonl.zst")
        assert hashes(folder / f"{session}.jsonl.zst") == told
        assert kinds(stage.events(session))[-1].startswith("closed")
    assert live
    return sum(map(len, live.values()))


def check(folder, parser, feed):
    count = replayed(folder, parser, feed)
    print(f"{count} states equal")  # noqa: T201 - a figure


def test_a_race_of_the_demo_quick(tmp_path):
    options = DemoOptions(cars=12, duration_s=120, lap_s=20, pace=4)
    check(tmp_path, DEMO.parser(options), DEMO.transport(options))


@pytest.mark.reliability
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_race_of_the_demo(tmp_path, seed):
    options = DemoOptions(cars=40, duration_s=3600, lap_s=20, pace=10, seed=seed)
    check(tmp_path, DEMO.parser(options), DEMO.transport(options))


def test_a_capture_of_the_demo(tmp_path):
    frames = races.frames(Plan(seed=4, cars=5, duration_s=120, lap_s=20))
    check(tmp_path, DEMO.parser(DemoOptions()), Playback(frames))


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_capture_of_rmonitor_quick(tmp_path, path):
    check(tmp_path, RMonitorParser(), Playback(read_captures([path], UTC)))


@needs_data
@pytest.mark.reliability
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_a_capture_of_rmonitor(tmp_path, path):
    check(tmp_path, RMonitorParser(), Playback(read_captures([path], UTC)))
