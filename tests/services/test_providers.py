"""What holds for every provider that comes with the package; each has its conformance class."""

import configparser
import inspect
from importlib import import_module
from pathlib import Path

import pytest

import livetiming.services
from livetiming.services import Verified
from livetiming.services.plugins import find, load
from livetiming.testing import ProviderConformance

SERVICES = Path(livetiming.services.__file__).parent
ROOT = Path(__file__).parents[2]
INPUTS = 10_000


def providers():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = setup["options.entry_points"]["livetiming.services"].strip().splitlines()
    return sorted(line.partition("=")[0].strip() for line in lines)


def parsing():
    """Those with a parser: a relay passes lines on."""
    return [name for name in providers() if name != "relay"]


def suite(name):
    module = import_module(f"tests.services.{name}.test_conformance")
    (found,) = (
        each
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, ProviderConformance) and each is not ProviderConformance
    )
    return found


@pytest.mark.parametrize("name", parsing())
def test_a_provider_has_its_conformance_class(name):
    assert suite(name).service_class == name
    assert suite(name).plugin == load(name)


@pytest.mark.parametrize("name", providers())
def test_the_readme_says_the_same_as_the_list_of_plugins(name):
    text = (SERVICES / name / "README.md").read_text(encoding="utf-8").lower()
    assert "verified against" in text
    if find(name).verified is Verified.DOCUMENTATION:
        assert "documentation" in text


@pytest.mark.reliability
@pytest.mark.parametrize("name", parsing())
def test_ten_thousand_damaged_frames_break_no_parser(name):
    suite(name).damage(INPUTS, seed=1)
