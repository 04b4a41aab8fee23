"""`livetiming-service relay`: its options, and those that do not go with it."""

import json

import pytest

from livetiming.cli.service_options import OF_A_FEED, Given
from livetiming.errors import BadArgument
from livetiming.services.plugins import find, load
from livetiming.services.relay import PLUGIN
from tests.cli.programs import run

URL = "--url=ws://127.0.0.1:9/ws"


@pytest.mark.parametrize(
    ("given", "option"),
    [
        (("-d", "Race"), "--description"),
        (("-m", "demo"), "--masquerade"),
        (("-H",), "--hidden"),
        (("-N",), "--do-not-record"),
        (("--disable-analysis",), "--disable-analysis"),
        (("--uuid", "0" * 32), "--uuid"),
        (("-s", "x"), "--initial-state"),
        (("-r", "x.jsonl.zst"), "--recording-filename"),
        (("--capture", "x"), "--capture"),
        (("--from", "."), "--from"),
        (("--speed", "2"), "--speed"),
        (("--take-over",), "--take-over"),
    ],
)
def test_what_says_how_a_feed_is_recorded_does_not_go_with_it(tmp_path, given, option):
    ended = run("livetiming-service", "relay", URL, *given, cwd=tmp_path)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert f" {option} does not go with relay: its sessions are as they come" in line
    assert list(tmp_path.iterdir()) == []


def test_each_option_of_a_feed_is_one_of_the_services():
    assert set(OF_A_FEED) < set(Given.__struct_fields__)


@pytest.mark.parametrize(
    "given",
    [
        (),
        ("--url=http://127.0.0.1/ws",),
        ("--url=ws:///ws",),
        ("--url=ws://a b/ws",),
        (URL, "--session=0"),
        (URL, f"--session={'0' * 32},"),
        (URL, "--service-class=F1"),
        (URL, "--max-sessions=0"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(tmp_path, given):
    ended = run("livetiming-service", "relay", *given, cwd=tmp_path)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "--" in ended.stderr


def test_its_help_shows_only_what_goes_with_it(tmp_path):
    shown = run("livetiming-service", "relay", "--help", cwd=tmp_path).stdout
    assert "--url VALUE" in shown
    assert "--linger" in shown
    for option in OF_A_FEED.values():
        assert option not in shown


def test_it_is_listed_with_what_it_was_verified_against(tmp_path):
    listed = run("livetiming-plugins", "--json", cwd=tmp_path).stdout.splitlines()
    (relay,) = (each for each in map(json.loads, listed) if each["class"] == "relay")
    assert relay == {
        "class": "relay",
        "title": "Another aggregator's sessions",
        "verified": "two systems",
        "options": ["--url", "--session", "--service-class", "--max-sessions"],
    }


def test_it_has_no_captures_to_be_imported(tmp_path):
    (tmp_path / "capture.txt").write_text("x")
    args = ("import", "relay", "capture.txt", "--out", "logs")
    ended = run("livetiming-rectool", *args, cwd=tmp_path)
    assert ended.returncode == 1
    assert "service class 'relay' follows no feed of frames" in ended.stderr


def test_it_is_found_and_is_no_provider():
    assert find("relay") is PLUGIN
    with pytest.raises(BadArgument, match="follows no feed of frames"):
        load("relay")
