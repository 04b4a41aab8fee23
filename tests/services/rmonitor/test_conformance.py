"""RMonitor's feeds, small and written by us, and what comes of each."""

from pathlib import Path
from zoneinfo import ZoneInfo

from livetiming.services import CaptureHints
from livetiming.services.rmonitor import PLUGIN
from livetiming.testing import ProviderConformance

HERE = Path(__file__).parent


class TestRMonitor(ProviderConformance):
    plugin = PLUGIN
    service_class = "rmonitor"
    feeds = HERE / "fixtures"
    golden = HERE / "golden"
    hints = CaptureHints(None, ZoneInfo("Europe/Stockholm"))

    @classmethod
    def repeated(cls, frames):
        """Two equal heartbeats say that a clock stands: that is no repetition."""
        return [
            each for frame in frames for each in [frame] * (1 if frame.data[:2] == b"$F" else 2)
        ]
