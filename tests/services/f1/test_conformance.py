"""Formula 1's feeds in every stored form, small and written by us, and what comes of each."""

from pathlib import Path

from livetiming.services.f1 import PLUGIN
from livetiming.testing import ProviderConformance

HERE = Path(__file__).parent


class TestF1(ProviderConformance):
    plugin = PLUGIN
    service_class = "f1"
    feeds = HERE / "fixtures"
    golden = HERE / "golden"
