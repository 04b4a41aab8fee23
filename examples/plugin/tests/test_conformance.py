"""All that is asked of every provider, over each feed in `fixtures`."""

from pathlib import Path

from livetiming.testing import ProviderConformance

from livetiming_apex import PLUGIN

HERE = Path(__file__).parent


class TestConformance(ProviderConformance):
    plugin = PLUGIN
    service_class = "apex"
    feeds = HERE / "fixtures"
    golden = HERE / "golden"
