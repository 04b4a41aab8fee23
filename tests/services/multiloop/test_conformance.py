"""Multiloop feeds, small and written by us after the specification, and what comes of each."""

from pathlib import Path

from livetiming.services.multiloop import PLUGIN
from livetiming.testing import ProviderConformance

HERE = Path(__file__).parent


class TestMultiloop(ProviderConformance):
    plugin = PLUGIN
    service_class = "multiloop"
    feeds = HERE / "fixtures"
    golden = HERE / "golden"
