"""`livetiming-plugins`: what is installed, and why one does not load."""

import json
import re
import shutil

import pytest

import livetiming
from livetiming.cli.service_options import Given
from livetiming.events import Versions
from livetiming.services.plugins import TAKEN
from tests.cli.programs import ROOT, Service, run
from tests.services.stage import events


def listed(*args, cwd, code=0, **env):
    """The lines of the list, by class."""
    ended = run("livetiming-plugins", *args, cwd=cwd, **env)
    assert ended.returncode == code, ended.stdout
    assert ended.stderr == ""
    if not args:
        return {line.split()[0]: line for line in ended.stdout.splitlines()}
    return {each["class"]: each for each in map(json.loads, ended.stdout.splitlines())}


def test_the_built_in_classes_are_listed_with_what_they_were_verified_against(tmp_path):
    lines = listed(cwd=tmp_path)
    assert list(lines) == sorted(lines)
    assert re.search(r"  verified: simulation +--cars --duration-s ", lines["demo"])
    assert "  RMonitor (MyLaps Orbits and others)  " in lines["rmonitor"]
    assert re.search(r"  verified: capture +--host --port$", lines["rmonitor"])
    assert len({line.index("verified: ") for line in lines.values()}) == 1
    assert len({line.index("--") for line in lines.values() if "--" in line}) == 1


def test_the_list_comes_as_objects_with_all_that_a_provider_declares(tmp_path):
    objects = listed("--json", cwd=tmp_path)
    rmonitor = objects["rmonitor"]
    assert rmonitor["title"] == "RMonitor (MyLaps Orbits and others)"
    assert rmonitor["verified"] == "capture"
    assert rmonitor["options"] == ["--host", "--port"]
    assert rmonitor["schedulable"] == ["host", "port"]
    assert rmonitor["columns"][:3] == ["num", "state", "class"]
    assert rmonitor["stale_after_s"] == 30
    assert "air" in objects["demo"]["track"]
    assert all("version" not in each for each in objects.values())


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
    lines = listed(cwd=tmp_path, code=3, **path)
    assert "RMonitor" in lines["rmonitor"]
    assert BROKEN[text] in lines["broken"]
    broken = listed("--json", cwd=tmp_path, code=3, **path)["broken"]
    assert broken.keys() == {"class", "problem"}
    assert BROKEN[text] in broken["problem"]
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
    line = listed(cwd=tmp_path, **path)["ours"]
    assert line.split() == ["ours", "Ours", "verified:", "simulation", "--cars", "--wet"]
    assert listed("--json", cwd=tmp_path, **path)["ours"]["version"] == "1"
    ended = run("livetiming-service", "ours", "--help", cwd=tmp_path, **path)
    assert "--wet " in ended.stdout
    assert "whether it rains" in ended.stdout
    assert "--wet VALUE" not in ended.stdout


def test_a_text_of_a_plugin_cannot_move_the_cursor(tmp_path, installed):
    text = PLUGIN.format(more="").replace('"Ours"', r'"Ours\x1b[2J\nand more"')
    path = installed(text, ours="plugin_of_ours:PLUGIN")
    ended = run("livetiming-plugins", cwd=tmp_path, **path)
    assert "\x1b" not in ended.stdout
    assert any(re.match("ours +Ours.*and more", line) for line in ended.stdout.splitlines())


def test_the_version_of_a_plugin_stands_in_what_it_records(tmp_path, installed):
    """Of its distribution, live and imported; a class of ours is as old as the package."""
    path = installed(PLUGIN.format(more=""), ours="plugin_of_ours:PLUGIN")
    with Service(tmp_path, "demo", *("--cars", 4), "--capture", "demo.txt", **path) as service:
        service.has(5)
        assert service.stopped() == 0
        assert service.events()[0].payload.versions == Versions(livetiming.__version__)
    shutil.rmtree(service.state_dir)
    text = (tmp_path / "demo.txt").read_text().replace('"class":"demo"', '"class":"ours"', 1)
    (tmp_path / "ours.txt").write_text(text)
    expected = Versions(livetiming.__version__, "1")
    with Service(tmp_path, "ours", "--from", "ours.txt", "--speed", 1000, **path) as service:
        assert service.ended() == 0
        assert service.events()[0].payload.versions == expected
    imported = run(
        "livetiming-rectool", "import", "ours", "ours.txt", "--out", "logs", cwd=tmp_path, **path
    )
    assert imported.returncode == 0, imported.stderr
    (log,) = (tmp_path / "logs").iterdir()
    assert events(log)[0].payload.versions == expected


def test_an_option_that_every_service_has_is_none_for_a_plugin(tmp_path, installed):
    path = installed(PLUGIN.format(more="speed: float = 1"), ours="plugin_of_ours:PLUGIN")
    ended = run("livetiming-plugins", cwd=tmp_path, **path)
    assert ended.returncode == 3
    assert "speed is an option of every service" in ended.stdout


def test_the_options_that_every_service_has_are_those_of_the_command():
    assert set(Given.__struct_fields__) | {"help"} == TAKEN
