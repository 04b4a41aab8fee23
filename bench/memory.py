"""What a whole service keeps in memory while a day goes through it: a real process, watched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from bench.day import read
from bench.figures import Figure, at_most, told
from bench.running import Room
from livetiming.services.api import Frame
from livetiming.services.capture import CaptureWriter
from livetiming.services.demo.feed import Feed
from livetiming.services.demo.plan import Plan
from livetiming.services.demo.simulation import CARS, SEED, START_AT
from livetiming.units import SECOND_US

_DAY_S = 24 * 3600
_SPEED = 2400
_LIMIT_MB = 100
_GROWTH_MB = 8
_ANALYSIS_MB = 60
_AWAY = {
    "LIVETIMING_ROUTER": "ws://127.0.0.1:9/ws",
    "LIVETIMING_SHARED_SECRET": "only-this-measurement-knows-this-secret",
}
"""A router that is never there: what is told of an analysis is kept for it all day."""
_PATIENCE_S = 120
_EVERY_S = 0.05


def measure(room: Room) -> Iterator[Figure]:
    """Resident megabytes while a day of the demo is followed at 2400 times its speed."""
    capture = room.folder / "day.capture"
    _capture_day(capture)
    began = perf_counter()
    state = room.folder / "state"
    samples = _follow(state, capture, "--disable-analysis")
    yield told("service_day_s", perf_counter() - began, "s")
    yield told("service_lines", sum(1 for log in state.glob("*.jsonl") for _ in read(log)), "lines")
    quarter = len(samples) // 4
    growth = median(samples[-quarter:]) - median(samples[:quarter])
    yield at_most("service_rss_mb", max(samples), "MB", _LIMIT_MB)
    yield at_most("service_rss_growth_mb", growth, "MB", _GROWTH_MB)
    more = max(_follow(room.folder / "analysed", capture)) - max(samples)
    yield at_most("service_analysis_mb", more, "MB", _ANALYSIS_MB)


def _capture_day(path: Path) -> None:
    feed = Feed(Plan(SEED, CARS, _DAY_S, lap_s=220, retirements=False), START_AT, 1.0)
    writer = CaptureWriter(path, "demo", START_AT)
    writer.add(Frame(START_AT, "", feed.start(0)))
    for second in count(1):
        now_us = second * SECOND_US
        at = START_AT + second * 1000
        if feed.over:
            writer.add(Frame(at, "", feed.end(now_us)))
            break
        writer.add(Frame(at, "", feed.beat(now_us)))
    writer.close()


def _follow(state: Path, capture: Path, *options: str) -> list[float]:
    """Run the service on the capture until it ends; resident megabytes from the first event on."""
    program = (sys.executable, "-c", "from livetiming.cli.service import main; main()", "demo")
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*program, "--from", str(capture), "--speed", str(_SPEED), "--linger", "0", *options],
        env={**os.environ, **_AWAY, "LIVETIMING_STATE_DIR": str(state)},
    )
    samples: list[float] = []
    ends = perf_counter() + _PATIENCE_S
    try:
        while process.poll() is None and perf_counter() < ends:
            if samples or any(state.glob("*.jsonl")):
                samples.append(resident_mb(process.pid) or samples[-1])
            sleep(_EVERY_S)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
    assert process.returncode == 0, f"the service ended with {process.returncode}"
    assert list(state.glob("*.jsonl.zst")), "the service recorded nothing"
    return samples


def resident_mb(pid: int) -> float:
    """The memory that a process has now, megabytes; 0 where it has just ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0
