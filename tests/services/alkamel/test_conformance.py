"""Al Kamel's feeds, small and written by us, and what comes of each."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from livetiming.services import CaptureHints
from livetiming.services.alkamel import PLUGIN
from livetiming.testing import ProviderConformance

HERE = Path(__file__).parent


class TestAlKamel(ProviderConformance):
    plugin = PLUGIN
    service_class = "alkamel"
    feeds = HERE / "fixtures"
    golden = HERE / "golden"
    hints = CaptureHints(date(2025, 6, 14), ZoneInfo("Europe/Paris"))
