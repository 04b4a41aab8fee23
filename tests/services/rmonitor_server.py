"""An RMonitor server of ours on a real port, which plays a capture as a relay would."""

import threading
import time
from bisect import bisect_right
from pathlib import Path
from zoneinfo import ZoneInfo

from livetiming.events.log import RealDisk
from livetiming.services import CaptureHints
from livetiming.services.importing import Importer
from livetiming.services.messages import GENERATORS
from livetiming.services.rmonitor.captures import read_captures
from livetiming.services.rmonitor.protocol import RMonitorParser
from livetiming.services.terms import Terms
from tests.services.line_server import LineServer
from tests.services.stage import last

FIXTURES = Path(__file__).parent / "rmonitor" / "fixtures"


def frames_of(path):
    return list(read_captures([path], CaptureHints(None, ZoneInfo("UTC"))))


class RMonitorServer(LineServer):
    """Plays a capture while somebody is connected.

    A new connection is told all since the last full dump at once, as far as others were told
    before, and then what comes.

    Args:
        frames: of the capture.
        speed: seconds of capture for each second.
        drops: places where it hangs up, once each, as shares of the capture.
    """

    def __init__(self, frames, speed, drops=()):
        super().__init__(self._play)
        self._lines = [frame.data + b"\r\n" for frame in frames]
        self._due_s = [(frame.at - frames[0].at) / 1000 / speed for frame in frames]
        self._dumps = [n for n, line in enumerate(self._lines) if line.startswith(b"$I")]
        self._drops = [int(share * len(frames)) for share in drops]
        self._speed = speed
        self._place = 0
        self.done = threading.Event()

    def _play(self, connection, _number):
        told = self._last_dump()
        began = time.monotonic() - (self._due_s[self._place - 1] if self._place else 0)
        while not self.closing.is_set():
            place = max(self._place, bisect_right(self._due_s, time.monotonic() - began))
            connection.sendall(b"".join(self._lines[told:place]))
            told = self._place = place
            if self._drops and place >= self._drops[0]:
                self._drops.pop(0)
                return
            if place == len(self._lines):
                self.done.set()
            self.closing.wait(0.005)

    def _last_dump(self):
        """The last one that a service told of it had surely time to record: 0.3 s."""
        heard_s = self._due_s[max(0, self._place - 1)] - 0.3
        before = [n for n in self._dumps if n < self._place and self._due_s[n] <= heard_s]
        return before[-1] if before else 0


def imported(path, folder):
    """The last state of each session in a capture, by import."""
    folder.mkdir(exist_ok=True)
    importer = Importer(
        RealDisk(),
        folder,
        b"x",
        RMonitorParser(),
        Terms(class_="rmonitor"),
        GENERATORS,
        lambda kind, what: None,
    )
    found = importer.run(iter(frames_of(path)), lambda count: None)
    return [last(Path(each.path)).state for each in found]
