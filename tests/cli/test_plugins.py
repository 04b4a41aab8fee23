"""`livetiming-plugins`: what is installed, and why one does not load."""

import json

import pytest

from livetiming.cli.service_options import Given
from livetiming.services.plugins import TAKEN
from tests.cli.programs import ROOT, run


def test_the_built_in_classes_are_listed_with_what_they_were_verified_against(tmp_path):
    ended = run("livetiming-plugins", cwd=tmp_path)
    assert ended.returncode == 0
    demo, rmonitor = ended.stdout.splitlines()
    assert demo.startswith("demo  ")
    assert "(verified: simulation)" in demo
    assert "--cars" in demo
    assert "(verified: capture)  --host --port" in rmonitor
    assert ended.stderr == ""


def test_the_list_comes_as_objects_too(tmp_path):
    ended = run("livetiming-plugins", "--json", cwd=tmp_path)
    demo, rmonitor = map(json.loads, ended.stdout.splitlines())
    assert demo.keys() == rmonitor.keys() == {"class", "title", "verified", "options"}
    assert rmonitor["class"] == "rmonitor"
    assert rmonitor["options"] == ["--host", "--port"]


@pytest.fixture
def installed(tmp_path):
    """Install plugins by a folder on the path."""

    def install(text, **entries):
        (tmp_path / "plugin_of_ours.py").write_text(text)
        info = tmp_path / "plugin_of_ours-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plugin-of-ours\nVersion: 1\n")
        lines = [f"{name} = {value}" for name, value in entries.items()]
        (info / "entry_points.txt").write_text("\n".join(["[livetiming.services]", *lines]))
        return {"PYTHONPATH": f"{ROOT}:{tmp_path}"}

    return install


BROKEN = {
    "raise ValueError('no\\nway')": "does not load: ValueError: no way",
    "import nothing_of_this_name": "does not load: ModuleNotFoundError",
    "PLUGIN = 7": "plugin_of_ours:PLUGIN is no Plugin",
    "": "does not load: AttributeError",
    "def broken(:": "does not load: SyntaxError",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_plugin_that_does_not_load_is_listed_with_the_reason(tmp_path, installed, text):
    path = installed(text, broken="plugin_of_ours:PLUGIN")
    ended = run("livetiming-plugins", cwd=tmp_path, **path)
    assert ended.returncode == 3
    assert len(ended.stdout.splitlines()) == 3
    assert BROKEN[text] in ended.stdout.splitlines()[0]
    ended = run("livetiming-plugins", "--json", cwd=tmp_path, **path)
    assert ended.returncode == 3
    broken = json.loads(ended.stdout.splitlines()[0])
    assert broken["class"] == "broken"
    assert BROKEN[text] in " ".join(broken["problem"].split())
    ended = run("livetiming-service", "broken", cwd=tmp_path, **path)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert BROKEN[text] in ended.stderr


def test_a_name_that_is_no_service_class_is_listed_with_the_reason(tmp_path, installed):
    text = "from livetiming.services.demo import PLUGIN"
    path = installed(text, **{"Not-A-Class": "plugin_of_ours:PLUGIN"})
    ended = run("livetiming-plugins", cwd=tmp_path, **path)
    assert ended.returncode == 3
    assert "expected small letters, digits and _" in ended.stdout


PLUGIN = """
from typing import Annotated
import msgspec
from livetiming.services import Plugin, Verified
from livetiming.services.demo import PLUGIN as DEMO

class Options(msgspec.Struct, frozen=True, kw_only=True):
    cars: Annotated[int, msgspec.Meta(description="how many", ge=3)] = 5
    wet: Annotated[bool, msgspec.Meta(description="whether it rains")] = False
    {more}

def _make(options):
    from livetiming.services.demo.options import DemoOptions
    return DEMO.transport(DemoOptions(cars=options.cars, lap_s=20 + options.wet, pace=60))

PLUGIN = Plugin(
    title="Ours", verified=Verified.SIMULATION, options=Options, columns=DEMO.columns,
    parser=DEMO.parser, transport=_make
)
"""


def test_a_plugin_from_elsewhere_comes_through_the_same_door(tmp_path, installed):
    path = installed(PLUGIN.format(more=""), ours="plugin_of_ours:PLUGIN")
    ended = run("livetiming-plugins", cwd=tmp_path, **path)
    assert ended.returncode == 0
    assert "ours         Ours  (verified: simulation)  --cars --wet" in ended.stdout
    ended = run("livetiming-service", "ours", "--help", cwd=tmp_path, **path)
    assert "--wet " in ended.stdout
    assert "whether it rains" in ended.stdout
    assert "--wet VALUE" not in ended.stdout


def test_an_option_that_every_service_has_is_none_for_a_plugin(tmp_path, installed):
    path = installed(PLUGIN.format(more="speed: float = 1"), ours="plugin_of_ours:PLUGIN")
    ended = run("livetiming-plugins", cwd=tmp_path, **path)
    assert ended.returncode == 3
    assert "speed is an option of every service" in ended.stdout


def test_the_options_that_every_service_has_are_those_of_the_command():
    assert set(Given.__struct_fields__) | {"help"} == TAKEN
