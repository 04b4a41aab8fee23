"""Who may do what: read off the configuration, and compared with what was agreed."""

import json
import subprocess
from pathlib import Path

import pytest

from livetiming.network.router.configuration import Limits, RouterPlan, configuration
from tests.cli.programs import BIN, environment

GOLDEN = Path(__file__).with_name("permissions.txt")
ACTIONS = ("call", "register", "publish", "subscribe")
PLAN = RouterPlan(
    host="127.0.0.1",
    port=8080,
    website=Path("/srv/website"),
    recordings=Path("/srv/recordings"),
    analysis=Path("/srv/analysis"),
)


@pytest.fixture
def configured():
    return configuration(PLAN)


def worker(configured):
    (only,) = configured["workers"]
    return only


def paths(configured):
    (transport,) = worker(configured)["transports"]
    (root,) = transport["paths"].items()
    assert root[0] == "/"
    return root[1]["paths"]


def table(configured):
    """The permission table, as people read it."""
    (realm,) = worker(configured)["realms"]
    lines = [f"{'role':10} {'uri':20} {'match':7} {'may':34} disclosed         cached"]
    for role in realm["roles"]:
        if not role["permissions"]:
            lines.append(f"{role['name']:10} nothing")
        for granted in role["permissions"]:
            may = " ".join(action for action in ACTIONS if granted["allow"][action])
            told = " ".join(who for who, is_told in granted["disclose"].items() if is_told) or "-"
            cached = "yes" if granted["cache"] else "no"
            uri, match = granted["uri"], granted["match"]
            lines.append(f"{role['name']:10} {uri:20} {match:7} {may:34} {told:17} {cached}")
    return "".join(f"{line}\n" for line in lines)


def test_the_permission_table_is_the_one_that_was_agreed(configured):
    assert table(configured) == GOLDEN.read_text()


def test_the_secret_is_not_in_it_but_the_variable_is(configured):
    assert paths(configured)["ws"]["auth"]["wampcra"]["users"] == {
        "services": {"secret": "${LIVETIMING_SHARED_SECRET}", "role": "services"}
    }


def test_one_may_join_as_anonymous_or_with_the_secret_and_in_no_other_way(configured):
    assert set(paths(configured)["ws"]["auth"]) == {"anonymous", "wampcra"}
    (transport,) = worker(configured)["transports"]
    assert [transport["type"], transport["endpoint"]["type"]] == ["web", "tcp"]


def test_nothing_is_served_but_what_is_listed(configured):
    kinds = {path: service["type"] for path, service in paths(configured).items()}
    ours = dict.fromkeys(("/", "recordings", "analysis", "healthz"), "resource")
    assert kinds == {**ours, "ws": "websocket"}


def test_the_realm_is_strict_has_no_meta_api_and_keeps_the_order_of_events(configured):
    (realm,) = worker(configured)["realms"]
    assert realm["options"] == {
        "uri_check": "strict",
        "event_dispatching_chunk_size": 1_000_000,
        "enable_meta_api": False,
    }


def test_limits_are_what_the_plan_says():
    limits = Limits(connections=7, message_bytes=4096, ping_ms=2000, pong_ms=1000)
    plan = RouterPlan(
        host="::1", port=1, website=Path(), recordings=Path(), analysis=Path(), limits=limits
    )
    (transport,) = worker(configuration(plan))["transports"]
    assert (transport["max_connections"], transport["endpoint"]["version"]) == (7, 6)
    options = paths(configuration(plan))["ws"]["options"]
    assert (options["max_message_size"], options["max_frame_size"]) == (4096, 4096)
    assert (options["auto_ping_interval"], options["auto_ping_timeout"]) == (2000, 1000)
    assert options["auto_ping_restart_on_any_traffic"] is False
    assert "compression" not in options


@pytest.mark.reliability
def test_crossbar_finds_nothing_wrong_with_it_on_ipv6_either(tmp_path):
    plan = RouterPlan(
        host="::1", port=8080, website=tmp_path, recordings=tmp_path, analysis=tmp_path
    )
    (tmp_path / "config.json").write_text(json.dumps(configuration(plan)))
    checked = subprocess.run(
        [BIN / "crossbar", "check", "--cbdir", tmp_path],
        env=environment(LIVETIMING_SHARED_SECRET="x" * 40, PYTHONWARNINGS="ignore"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
