"""Reliability row 25: the secret is where it is needed and nowhere else."""

import base64
import http.client
import secrets
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.programs import wait_for
from tests.network.raw import HELLO, ROLES, HungUp, RawClient, Refused
from tests.network.router.bombs import everything
from tests.network.running import RunningRouter

CANARY = secrets.token_urlsafe(36)


def traces(text):
    """How often the secret, or what it can be told from, stands in a text."""
    encoded = CANARY.encode()
    forms = (encoded, encoded[:20], encoded.hex().encode(), base64.b64encode(encoded)[:40])
    return sum(text.count(form) for form in forms)


def command_lines():
    """What anybody on this machine can read of all processes."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            found.append((process / "cmdline").read_bytes())
            found.append((process / "comm").read_bytes())
    return found


def fail_to_join(port):
    """Come in all the wrong ways; what is said to that."""
    said = []
    for serializer in ("json", "cbor"):
        for secret in ("", "wrong", CANARY[:-1], CANARY + "x"):
            with RawClient(port, serializer) as stranger, pytest.raises(Refused) as refused:
                stranger.join_as_service(secret)
            said.append(str(refused.value).encode())
        with RawClient(port, serializer) as stranger, suppress(HungUp):
            stranger.send(HELLO, "timing", {"roles": ROLES, "authmethods": [{"x": CANARY[:3]}]})
            said.append(str(stranger.message()).encode())
    for serializer, _, bomb in list(everything())[::9]:
        with RawClient(port, serializer) as stranger, suppress(HungUp):
            stranger.send_bytes(bomb)
            said.append(str(stranger.message()).encode())
    return said


def ask_over_http(port):
    said = []
    for path in (
        "/",
        "/healthz",
        "/ws",
        "/none",
        "/recordings/..%2f..%2fstate%2frouter%2fconfig.json",
    ):
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        asked.request("GET", path)
        answer = asked.getresponse()
        said.append(f"{answer.headers}".encode() + answer.read())
        asked.close()
    return said


def files(folder):
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_the_secret_is_found_nowhere_whatever_goes_wrong(tmp_path):
    router = RunningRouter(tmp_path, "-v", "--debug", secret=CANARY, log_dir=tmp_path / "log")
    try:
        router.listening()
        with RawClient(router.port) as service:
            assert service.join_as_service(CANARY)["authrole"] == "services"
        seen = [*command_lines(), *fail_to_join(router.port), *ask_over_http(router.port)]
        assert "signature is invalid (\N{HORIZONTAL ELLIPSIS})" in router.said
        configuration = tmp_path / "livetiming-data" / "state" / "router" / "config.json"
        configuration.write_text('{"version":2,"workers":["')
        router.kill_worker()
        wait_for(lambda: "ended with exit code 1" in router.said, "a crash")
        seen += command_lines()
    finally:
        router.end()
    seen += files(tmp_path)
    assert any(b"crossbar" in each for each in seen), "the log is among what is searched"
    assert [each for each in seen if traces(each)] == []


def test_the_configuration_and_its_folder_are_for_their_owner_alone(tmp_path):
    router = RunningRouter(tmp_path, secret=CANARY)
    try:
        wait_for(router.crossbar_pids, "Crossbar")
        folder = router.state_dir / "router"
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "config.json").stat().st_mode & 0o777 == 0o600
    finally:
        router.end()


def test_crossbar_is_told_the_secret_and_nothing_else_of_ours(tmp_path):
    wanted = {"LIVETIMING_SHARED_SECRET", "PATH", "LANG", "PYTHONPATH", "PYTHONUNBUFFERED"}
    router = RunningRouter(tmp_path, secret=CANARY, gone_s=7)

    def variables():
        return {name for pid in router.crossbar_pids() for name in variables_of(pid)}

    try:
        wait_for(lambda: variables() == wanted, "an environment of its own")
    finally:
        router.end()


def variables_of(pid):
    try:
        pairs = Path(f"/proc/{pid}/environ").read_text().split("\0")
    except OSError:
        return []
    return [pair.partition("=")[0] for pair in pairs if pair]
