"""Logs of captures that others made of real sessions, and what the analysis makes of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from livetiming.events.log import RealDisk, open_reader
from livetiming.projections.analysis import Analysis

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("LIVETIMING_DATA", ROOT.parent / "shared" / "data"))

needs_captures = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no captures in {DATA}: set LIVETIMING_DATA to the folder of them"
)


def imported(service_class, folder, *names):
    """The logs that `livetiming-rectool import` makes of captures."""
    program = [sys.executable, "-m", "livetiming.cli.rectool", "import", service_class]
    captures = [str(DATA / name) for name in names]
    done = subprocess.run(
        [*program, *captures, "--out", str(folder), "--json"], capture_output=True, check=False
    )
    assert done.returncode in (0, 3), done.stderr.decode()
    return [Path(json.loads(line)["path"]) for line in done.stdout.splitlines()]


def analysed(path):
    """A log, folded."""
    analysis = Analysis()
    with open_reader(RealDisk(), path) as reader:
        folded = reader.start()
        for _, event in reader.events(folded):
            analysis.step(event, folded.state)
    return analysis


def by_car(rows):
    """Rows by car, each in the order of the rows."""
    found = {}
    for row in rows:
        found.setdefault(row.car, []).append(row)
    return found
