"""Whole feeds, small and written by us: what comes of each is reviewed and kept.

`LIVETIMING_GOLDEN=write pytest …` writes it anew; then read the difference before you commit it.
"""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from livetiming.events import Event, State, apply, diff, encode
from livetiming.services import BadFrame, CaptureHints, SessionSeen
from livetiming.services.rmonitor.captures import read_captures
from livetiming.services.rmonitor.protocol import RMonitorParser

HERE = Path(__file__).parent
FIXTURES = sorted((HERE / "fixtures").glob("*.txt"))
HINTS = CaptureHints(None, ZoneInfo("Europe/Stockholm"))


class Told:
    """Does as the host does: one diff for each instant, one state for each session."""

    def __init__(self, path):
        self.lines = []
        self.state = State()
        self.key = None
        self.parser = RMonitorParser()
        at = 0
        for frame in read_captures([path], HINTS):
            if frame.at != at:
                self.look(at)
            at = frame.at
            self.receive(frame)
        self.look(at)
        self.finish()

    def receive(self, frame):
        try:
            for update in self.parser.receive(frame):
                if isinstance(update, SessionSeen):
                    self.see(frame.at, update)
                else:
                    self.tell(frame.at, update.payload)
        except BadFrame as error:
            self.lines.append(f"{frame.at} bad {error}")

    def see(self, at, seen):
        self.look(at)
        told = msgspec.to_builtins(seen)
        told["columns"] = " ".join(column["id"] for column in told["columns"])
        self.lines.append(f"{at} session {msgspec.json.encode(told).decode()}")
        if seen.key is not None and self.key not in (None, seen.key):
            self.finish()
            self.state = State()
        self.key = seen.key

    def look(self, at):
        change = diff(self.state, self.parser.picture())
        if change is not None:
            self.tell(at, change)
            apply(self.state, Event(0, at, change))

    def tell(self, at, payload):
        line = encode(Event(0, at, payload)).decode()
        self.lines.append(f"{at} {line[line.index('type') - 1 :]}")

    def finish(self):
        for place, car in enumerate(self.state.order, start=1):
            cells = msgspec.json.encode(self.state.cars[car]).decode()
            self.lines.append(f"= {place} {car} {cells}")
        self.lines.append(f"= {msgspec.json.encode(self.state.session).decode()}")


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_a_feed_is_told_as_reviewed(fixture):
    told = "\n".join(Told(fixture).lines) + "\n"
    golden = HERE / "golden" / f"{fixture.stem}.txt"
    if os.environ.get("LIVETIMING_GOLDEN") == "write":
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")


def test_every_golden_file_has_its_fixture():
    golden = {path.stem for path in (HERE / "golden").glob("*.txt")}
    assert golden == {path.stem for path in FIXTURES}
