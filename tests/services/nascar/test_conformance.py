"""Feeds and stored races, small and written by us, and what comes of each."""

from pathlib import Path

from livetiming.services.nascar import PLUGIN
from livetiming.testing import ProviderConformance

HERE = Path(__file__).parent


class TestNascar(ProviderConformance):
    plugin = PLUGIN
    service_class = "nascar"
    feeds = HERE / "fixtures"
    golden = HERE / "golden"
