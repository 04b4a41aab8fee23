"""What the demo is to the host."""

import subprocess
import sys

import msgspec
import pytest

from livetiming.events.values import clean
from livetiming.services import Fact, SessionSeen
from livetiming.services.demo import PLUGIN
from livetiming.services.demo.options import DemoOptions
from tests.services.demo import races

_IMPORTS = "import sys, livetiming.services.demo; print('twisted' in sys.modules)"


def test_importing_the_plugin_imports_no_reactor():
    told = subprocess.run([sys.executable, "-c", _IMPORTS], capture_output=True, text=True)
    assert told.stdout.strip() == "False"


def test_every_option_is_described_and_has_a_default():
    assert DemoOptions() == DemoOptions(cars=24, duration_s=21_600)
    schema = msgspec.json.schema(DemoOptions)["$defs"]["DemoOptions"]["properties"]
    for name, option in schema.items():
        assert option["description"], name


def test_schedulable_options_are_options():
    assert set(DemoOptions.__struct_fields__) >= PLUGIN.schedulable


@pytest.mark.parametrize("bad", [{"cars": 2}, {"cars": 61}, {"pace": 0}, {"start_at": -1}])
def test_options_out_of_range_are_refused(bad):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(bad, DemoOptions)


def test_everything_it_says_is_fit_for_a_log():
    for update in races.updates():
        if isinstance(update, Fact):
            assert clean(update.payload) == update.payload


def test_every_column_it_fills_is_described():
    seen = next(update for update in races.updates() if isinstance(update, SessionSeen))
    described = {column.id for column in seen.columns}
    used = {column for cells in races.pictures()[-1].cars.values() for column in cells}
    assert used <= described
    assert {column.id for column in seen.track} <= races.pictures()[-1].session.keys()


def test_the_smallest_and_the_largest_race_run():
    for cars in (3, 60):
        plan = races.PLAN._replace(cars=cars, duration_s=60)
        assert len(races.pictures(plan)[-1].order) == cars
