"""wige's feeds, small and written by us from documentation, and what comes of each."""

from pathlib import Path

from livetiming.services.wige import PLUGIN
from livetiming.testing import ProviderConformance

HERE = Path(__file__).parent


class TestWige(ProviderConformance):
    plugin = PLUGIN
    service_class = "wige"
    feeds = HERE / "fixtures"
    golden = HERE / "golden"
