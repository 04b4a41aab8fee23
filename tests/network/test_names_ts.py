"""The browser's copy of the names."""

from pathlib import Path

from livetiming.network import names
from livetiming.network.names_ts import typescript

COPY = Path(__file__).parents[2] / "web" / "src" / "network" / "names.ts"


def test_the_browser_has_the_names_that_this_package_has():
    assert COPY.read_text("utf-8") == typescript(), (
        "make it anew: python -m livetiming.network.names_ts > web/src/network/names.ts"
    )


def test_the_browser_does_not_know_the_names_of_our_own_components():
    assert names.INTERNAL not in typescript()
    assert "SERVICES" not in typescript()
