"""How fast captures become sealed logs, and that memory does not grow with their length.

The speed is in processor time, as in `folding`; the memory is that of the whole command.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from time import process_time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bench.f1_feed import LAPS, race
from bench.figures import Figure, at_least, at_most, told
from bench.rmonitor_feed import HOURS, endurance_race
from bench.running import Room
from livetiming.events.log import RealDisk
from livetiming.services.api import CaptureHints
from livetiming.services.capture import read_frames
from livetiming.services.importing import Importer, capture_digest
from livetiming.services.messages import GENERATORS
from livetiming.services.plugins import load
from livetiming.services.terms import Terms

_DATA = Path("../shared/data")
_HINTS = CaptureHints(date(2026, 6, 14), ZoneInfo("UTC"))
_PASSES = 3
_LEAST_S = 20_000
_SHORT = 4
"""A capture is so many times as long as the short one that it is compared with."""
_GROWTH_MB = 8
_WITH_PEAK = """
import atexit
from pathlib import Path
from livetiming.cli.rectool import main

def tell_peak():
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    print(next(line for line in lines if line.startswith("VmHWM:")))

atexit.register(tell_peak)
main()
"""
"""The command, which says at its end what it had; what the system says of it counts its parent."""


class _Feed(NamedTuple):
    """A kind of capture.

    Args:
        name: its service class.
        unit: what its lines are called.
        long: makes the lines of a long one.
        short: makes those of a short one.
        real: a real one, if it is there, and its files with lines to count.
    """

    name: str
    unit: str
    long: Callable[[], Iterable[str]]
    short: Callable[[], Iterable[str]]
    real: Path


_FEEDS = (
    _Feed(
        "rmonitor",
        "records",
        endurance_race,
        lambda: endurance_race(hours=HOURS // _SHORT),
        _DATA / "rmonitor/sebring_2009/alms_session_4.txt",
    ),
    _Feed(
        "f1",
        "messages",
        race,
        lambda: race(laps=LAPS // _SHORT),
        _DATA / "f1/silverstone_2020_fp2_archive",
    ),
)


def measure(room: Room) -> Iterator[Figure]:
    """Lines a second, from the file to the log under its name, and the memory that takes."""
    for feed in _FEEDS:
        yield from _measure(room.folder, feed)


def _measure(folder: Path, feed: _Feed) -> Iterator[Figure]:
    gc.collect()
    gc.freeze()
    long, short = folder / f"{feed.name}.txt", folder / f"{feed.name}_short.txt"
    count = _write(long, feed.long())
    yield told(f"{feed.name}_{feed.unit}", count, feed.unit)
    if feed.real.exists():
        real = _best(folder, feed.name, feed.real, _lines(feed.real))
        yield told(f"{feed.name}_real_{feed.unit}_s", real, f"{feed.unit}/s")
    best = _best(folder, feed.name, long, count)
    yield at_least(f"{feed.name}_{feed.unit}_s", best, f"{feed.unit}/s", _LEAST_S)
    _write(short, feed.short())
    growth = _peak_mb(folder, feed.name, long) - _peak_mb(folder, feed.name, short)
    yield at_most(f"{feed.name}_import_growth_mb", growth, "MB", _GROWTH_MB)


def _write(path: Path, lines: Iterable[str]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in lines:
            count += 1
            file.write(f"{line}\r\n")
    return count


def _lines(path: Path) -> int:
    files = [path] if path.is_file() else list(path.iterdir())
    return sum(file.read_bytes().count(b"\n") for file in files)


def _best(folder: Path, name: str, capture: Path, lines: int) -> float:
    return lines / min(_import_s(folder, name, capture) for _ in range(_PASSES))


def _import_s(folder: Path, name: str, capture: Path) -> float:
    plugin = load(name)
    began = process_time()
    importer = Importer(
        RealDisk(),
        folder,
        capture_digest(name, [capture]),
        plugin.parser(None),
        Terms(class_=name),
        (*GENERATORS, *plugin.generators),
        lambda _kind, _what: None,
    )
    imported = importer.run(read_frames(plugin, name, [capture], _HINTS), lambda _: None)
    taken = process_time() - began
    assert imported, "nothing was imported"
    for session in imported:
        Path(session.path).unlink()
    return taken


def _peak_mb(folder: Path, name: str, capture: Path) -> float:
    """The most memory that the command has while it imports a capture, megabytes."""
    command = [sys.executable, "-c", _WITH_PEAK, "import", name, str(capture), "--out", str(folder)]
    ended = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own program
    return int(ended.stdout.split()[-2]) * 1024 / 1e6
