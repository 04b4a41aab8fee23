"""`import`, with a plugin of any options."""

import json
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from livetiming.cli.rectool import importing
from livetiming.services.plugins import load
from tests.services.rmonitor_server import FIXTURES


class Options(msgspec.Struct, frozen=True, kw_only=True):
    host: str
    port: Annotated[int, Meta(ge=1, le=65535)]
    rate: float
    car: int = 7


@pytest.fixture
def given(monkeypatch):
    """The options that the parser was made with."""
    made = []

    def numbered(name):
        plugin = load(name)

        def parser(options):
            made.append(options)
            return plugin.parser(None)

        return msgspec.structs.replace(plugin, options=Options, parser=parser)

    monkeypatch.setattr(importing, "load", numbered)
    return made


def test_options_that_a_feed_needs_are_not_asked_for(rectool, tmp_path, given):
    capture = FIXTURES / "race_to_the_flag.txt"
    result = rectool("import", "rmonitor", capture, "--out", tmp_path, "--json")
    assert result.exit_code in (0, 3)
    assert json.loads(result.stdout.splitlines()[0])["class"] == "rmonitor"
    assert given == [Options(host="", port=1, rate=0.0)]
