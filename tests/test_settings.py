"""The settings of a deployment: one value, made once."""

import re
from pathlib import Path

import msgspec
import pytest
from dotenv import dotenv_values

from livetiming.cli.addresses import router_to_join
from livetiming.errors import BadSetting
from livetiming.services.api import variables
from livetiming.services.plugins import find, installed
from livetiming.settings import FILE, Settings, load_settings, read_settings

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "livetiming.env.example"
NAMES = {field.encode_name for field in msgspec.structs.fields(Settings)}
OF_PROVIDERS = {name for entry in installed() for name in variables(find(entry).options).values()}


def test_no_setting_is_needed():
    assert read_settings({}) == Settings()
    assert read_settings({}).state_dir == Path("livetiming-data/state")


def test_variables_that_are_no_settings_are_nothing():
    assert read_settings({"PATH": "/bin", "LIVETIMING_NONSENSE": "1"}) == Settings()


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_empty_value_is_none(name):
    assert read_settings({name: ""}) == Settings()


def test_a_home_folder_is_written_with_a_tilde():
    folder = read_settings({"LIVETIMING_LOG_DIR": "~/logs"}).log_dir
    assert folder == Path.home() / "logs"


@pytest.mark.parametrize("name", ["LIVETIMING_STATE_DIR", "LIVETIMING_LOG_DIR"])
def test_a_wrong_value_names_its_variable(name):
    with pytest.raises(BadSetting, match=f"^{name}: "):
        read_settings({name: "~nobody-has-this-name/x"})


@pytest.fixture
def deployment(tmp_path, monkeypatch):
    """A settings file two folders above the working directory."""
    folder = tmp_path / "one" / "two"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    (tmp_path / FILE).write_text(
        "LIVETIMING_STATE_DIR=from/file\nLIVETIMING_LOG_DIR=logs\nSENTRY_DSN=\n"
    )
    return tmp_path


def test_the_file_is_found_from_the_working_directory_upwards(deployment):
    settings = load_settings({})
    assert settings.state_dir == Path("from/file")
    assert settings.log_dir == Path("logs")
    assert settings.sentry_dsn is None


def test_the_nearest_file_is_the_one(deployment):
    Path(FILE).write_text("LIVETIMING_STATE_DIR=nearer\n")
    settings = load_settings({})
    assert (settings.state_dir, settings.log_dir) == (Path("nearer"), None)


def test_the_environment_wins_over_the_file(deployment):
    settings = load_settings({"LIVETIMING_STATE_DIR": "from/environment"})
    assert settings.state_dir == Path("from/environment")
    assert settings.log_dir == Path("logs")


def test_an_empty_variable_of_the_environment_takes_back_what_the_file_says(deployment):
    settings = load_settings({"LIVETIMING_LOG_DIR": "", "LIVETIMING_STATE_DIR": ""})
    assert settings == Settings()


def test_a_value_of_the_file_is_taken_as_it_stands(deployment):
    (deployment / FILE).write_text("LIVETIMING_STATE_DIR=a$HOME/b c\n")
    assert load_settings({"HOME": "/x"}).state_dir == Path("a$HOME/b c")


def test_a_file_that_is_no_text_is_named(deployment):
    (deployment / FILE).write_bytes(b"LIVETIMING_STATE_DIR=\xff\xfe\n")
    with pytest.raises(BadSetting, match=f"{FILE}: cannot be read"):
        load_settings({})


def test_without_a_file_the_defaults_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_settings({}) == Settings()


def _entries():
    return [line for line in EXAMPLE.read_text().splitlines() if line and line[0] != "#"]


def test_the_example_names_exactly_the_settings():
    names = [line.partition("=")[0] for line in _entries()]
    assert sorted(names) == sorted(NAMES | OF_PROVIDERS)


def test_the_example_is_in_the_plain_form():
    for line in _entries():
        assert re.fullmatch(r"[A-Z0-9_]+=[^\s\"'$`#\\]*", line), line


def test_the_example_says_the_defaults():
    assert read_settings(dotenv_values(EXAMPLE, interpolate=False)) == Settings()


def test_each_setting_of_the_example_has_its_sentence():
    lines = EXAMPLE.read_text().splitlines()
    for line in _entries():
        assert lines[lines.index(line) - 1].startswith("# ")


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({}, "ws://127.0.0.1:8080/ws"),
        ({"LIVETIMING_LISTEN": "127.0.0.1:9000"}, "ws://127.0.0.1:9000/ws"),
        ({"LIVETIMING_LISTEN": "0.0.0.0:80"}, "ws://127.0.0.1:80/ws"),
        ({"LIVETIMING_LISTEN": "0.0.0.0:80", "LIVETIMING_ROUTER": "ws://far/ws"}, "ws://far/ws"),
    ],
)
def test_programs_join_the_router_that_listens_here_unless_another_is_named(variables, url):
    assert router_to_join(read_settings(variables)) == url
