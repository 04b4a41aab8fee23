"""The simulated race through the conformance kit: its feed is made here, as it is made live."""

from pathlib import Path

from livetiming.services.demo import PLUGIN
from livetiming.services.demo.plan import Plan
from livetiming.testing import ProviderConformance
from tests.services.demo import races


class TestDemo(ProviderConformance):
    plugin = PLUGIN
    service_class = "demo"
    golden = Path(__file__).parent / "golden"

    @classmethod
    def names(cls):
        return ["minute"]

    @classmethod
    def frames(cls, feed):
        return races.frames(Plan(seed=3, cars=3, duration_s=60, lap_s=20))
