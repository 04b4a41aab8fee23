"""HH Timing's feeds, small and written by us after what is documented, and what comes of each."""

from pathlib import Path
from zoneinfo import ZoneInfo

from livetiming.services import CaptureHints
from livetiming.services.hhtiming import PLUGIN
from livetiming.testing import ProviderConformance

HERE = Path(__file__).parent


class TestHHTiming(ProviderConformance):
    plugin = PLUGIN
    service_class = "hhtiming"
    feeds = HERE / "fixtures"
    golden = HERE / "golden"
    hints = CaptureHints(None, ZoneInfo("Europe/Berlin"))
