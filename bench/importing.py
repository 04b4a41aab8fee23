"""How fast a raw RMonitor capture becomes a sealed log; processor time, as in `folding`."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

from bench.figures import Figure, at_least, told
from bench.rmonitor_feed import endurance_race
from bench.running import Room
from livetiming.events.log import RealDisk
from livetiming.services.api import CaptureHints
from livetiming.services.capture import read_frames
from livetiming.services.importing import Importer, capture_digest
from livetiming.services.messages import GENERATORS
from livetiming.services.plugins import load
from livetiming.services.terms import Terms

_REAL = Path("../shared/data/rmonitor/sebring_2009/alms_session_4.txt")
_HINTS = CaptureHints(date(2026, 6, 14), ZoneInfo("UTC"))
_PASSES = 3


def measure(room: Room) -> Iterator[Figure]:
    """Records a second, from the file to the log under its name; the best of three."""
    gc.collect()
    gc.freeze()
    capture = room.folder / "race.txt"
    lines = list(endurance_race())
    capture.write_text("".join(line + "\r\n" for line in lines), encoding="utf-8", newline="")
    yield told("import_records", len(lines), "records")
    if _REAL.exists():
        count = _REAL.read_bytes().count(b"\n")
        yield told("import_real_records_s", _best(room.folder, _REAL, count), "records/s")
    best = _best(room.folder, capture, len(lines))
    yield at_least("import_records_s", best, "records/s", 20_000)


def _best(folder: Path, capture: Path, records: int) -> float:
    return records / min(_import_s(folder, capture) for _ in range(_PASSES))


def _import_s(folder: Path, capture: Path) -> float:
    plugin = load("rmonitor")
    began = process_time()
    importer = Importer(
        RealDisk(),
        folder,
        capture_digest("rmonitor", [capture]),
        plugin.parser(None),
        Terms(class_="rmonitor"),
        (*GENERATORS, *plugin.generators),
        lambda _kind, _what: None,
    )
    imported = importer.run(read_frames(plugin, "rmonitor", [capture], _HINTS), lambda _: None)
    taken = process_time() - began
    assert imported, "nothing was imported"
    for session in imported:
        Path(session.path).unlink()
    return taken
