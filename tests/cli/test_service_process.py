"""`livetiming-service` as a process: signals, exit codes, and what it says of foreseen trouble."""

import signal
import socket
import time

import pytest

from livetiming.events.log import RealDisk, Status, verify
from tests.cli.programs import Service, run, wait_for
from tests.services.stage import kinds

DEMO = ("demo", "--cars", 4, "--lap-s", 20, "--duration-s", 36_000, "--pace", 60)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_close_the_session_and_end_well(tmp_path, number):
    with Service(tmp_path, *DEMO) as service:
        service.has(5).signal(number)
        assert service.ended() == 0
    assert kinds(service.events())[-1] == "closed stopped"
    assert verify(RealDisk(), service.path()).status is Status.WHOLE
    path = f"livetiming-data/state/{service.sessions()[0]}.jsonl"
    said = [line for line in service.said.splitlines() if "off the air" not in line]
    assert said == [
        f"livetiming-service: session {service.sessions()[0]}: recording to {path}",
        "livetiming-service: closing the session … (again: give up)",
        f"livetiming-service: session {service.sessions()[0]}: closed, its log is {path}",
    ]


def test_sigusr1_leaves_the_session_to_the_next_process(tmp_path):
    with Service(tmp_path, *DEMO) as service:
        service.has(5).signal(signal.SIGUSR1)
        assert service.ended() == 0
    last = service.events()[-1].payload
    assert (kinds(service.events())[-1], last.reason) == ("feed lost", "restart")
    assert "closed stopped" not in kinds(service.events())


def test_a_second_writer_of_a_log_says_so_and_exits_75(tmp_path):
    with Service(tmp_path, *DEMO) as service:
        service.has(3)
        again = (*DEMO, "--name", "two", "-s", service.path())
        second = run("livetiming-service", *again, cwd=tmp_path)
        assert second.returncode == 75
        assert len(second.stderr.splitlines()) == 1
        assert "another process writes this log" in second.stderr
        service.has(service.seq() + 3)
        assert service.stopped() == 0


def test_a_provider_that_cannot_be_reached_is_said_and_tried_again(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        args = ("rmonitor", "--host", "127.0.0.1", "--port", taken.getsockname()[1])
        with Service(tmp_path, *args) as service:
            wait_for(lambda: service.notes, "a word")
            assert "warn: feed lost: 127.0.0.1:" in service.said
            assert "refused" in service.said
            assert service.stopped() == 0
            assert len(service.notes) == 1


def test_a_host_that_does_not_exist_is_said(tmp_path):
    with Service(tmp_path, "rmonitor", "--host", "no.such.host.invalid") as service:
        wait_for(lambda: service.notes, "a word")
        assert "no.such.host.invalid:50000 cannot be reached" in service.said
        assert service.stopped() == 0
        assert service.said.endswith("livetiming-service: stopping … (again: give up)\n")


USAGE = {
    ("nosuch",): "unknown service class 'nosuch'; installed are: ",
    ("DEMO",): "unknown service class",
    ("demo", "--nosuch"): "No such option",
    ("demo", "--desc", "x"): "No such option",
    ("demo", "--cars", "2"): "--cars: expected `int` >= 3",
    ("demo", "--cars", "many"): "--cars: expected `int`",
    ("demo", "--pace", "nan"): "--pace: expected `float`",
    ("demo", "--name", "Main"): "--name: expected 1 to 32 of a-z, 0-9, _ and -, got 'Main'",
    ("demo", "--take-over"): "--take-over goes with -s",
    ("demo", "--linger", "nan"): "--linger: expected seconds, got nan",
    ("demo", "--linger", "-1"): "--linger",
    ("demo", "--linger", "601"): "--linger",
    ("demo", "--speed", "2"): "--speed goes with --from",
    ("demo", "--from", "x"): "'--from': Path 'x' does not exist",
    ("demo", "--from", __file__, "--speed", "0"): "'--speed': 0.0 is not in the range x>0",
    ("demo", "--from", __file__, "--speed", "nan"): "--speed: expected at most 100000, got nan",
    ("demo", "--from", __file__, "--speed", "inf"): "--speed: expected at most 100000, got inf",
    ("demo", "--uuid", "123"): "session id: expected 32 digits",
    ("demo", "--uuid", "0" * 32, "-s", "x"): "--uuid does not go with -s",
    ("demo", "-m", "No Class"): "service class: expected small letters",
    ("demo", "-r"): "requires an argument",
    ("demo", "-r", "x.zst"): "-r: expected a FILE that ends in .jsonl.zst, got x.zst",
    ("demo", "-r", ".jsonl.zst"): "-r: expected a FILE that ends in .jsonl.zst",
    ("demo", "-r", "no/x.jsonl.zst"): "-r: there is no folder no",
    ("demo", "-r", "/proc/self/x.jsonl.zst"): "-r: /proc/self cannot be written to",
    ("demo", "extra"): "unexpected extra argument",
    ("rmonitor",): "--host is required",
    ("rmonitor", "--host", "h", "--port", "70000"): "--port: expected `int` <= 65535",
}


@pytest.mark.parametrize("args", USAGE, ids=lambda args: " ".join(args).replace(__file__, "file"))
def test_wrong_usage_is_one_line_and_exit_2(tmp_path, args):
    ended = run("livetiming-service", *args, cwd=tmp_path)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert USAGE[args] in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_recording_among_the_own_logs_is_wrong_usage(tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "link").symlink_to("state")
    for name in ("state", "link", "link/../state"):
        path = f"{name}/{'0' * 32}.jsonl.zst"
        ended = run(
            "livetiming-service", *DEMO, "-r", path, cwd=tmp_path, LIVETIMING_STATE_DIR="state"
        )
        assert ended.returncode == 2
        assert len(ended.stderr.splitlines()) == 1
        assert "is for the service's own logs" in ended.stderr
    assert list((tmp_path / "state").iterdir()) == []


def test_a_state_folder_that_cannot_be_made_is_one_line_and_exit_1(tmp_path):
    (tmp_path / "file").write_text("")
    folder = str(tmp_path / "file" / "state")
    ended = run("livetiming-service", *DEMO, cwd=tmp_path, LIVETIMING_STATE_DIR=folder)
    assert ended.returncode == 1
    assert ended.stderr == f"livetiming-service: {folder}: Not a directory\n"


def test_a_state_folder_that_cannot_be_written_is_one_line_and_exit_2(tmp_path):
    ended = run("livetiming-service", *DEMO, cwd=tmp_path, LIVETIMING_STATE_DIR="/proc/self")
    assert ended.returncode == 2
    assert ended.stderr == (
        "livetiming-service: LIVETIMING_STATE_DIR: /proc/self cannot be written to\n"
    )


WRONG_CAPTURES = {
    "of another class": '{"capture":1,"class":"rmonitor","started_at":1}\n[1,"","x"]\n',
    "of a later version": '{"capture":2,"class":"demo","started_at":1}\n[1,"","x"]\n',
    "no capture": "hello\n",
    "empty": "",
}


@pytest.mark.parametrize("name", WRONG_CAPTURES)
def test_a_file_that_is_no_capture_of_the_class_is_one_line_and_exit_1(tmp_path, name):
    (tmp_path / "x.txt").write_text(WRONG_CAPTURES[name])
    ended = run("livetiming-service", "demo", "--from", "x.txt", cwd=tmp_path)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith("livetiming-service: x.txt: ")


def test_a_capture_that_is_damaged_in_the_middle_ends_there_with_an_error(tmp_path):
    text = '{"capture":1,"class":"demo","started_at":1}\n[1,"","x"]\n[2,"","y"\n[3,"","z"]\n'
    (tmp_path / "x.txt").write_text(text)
    ended = run("livetiming-service", "demo", "--from", "x.txt", cwd=tmp_path)
    assert ended.returncode == 1
    assert "critical: x.txt: line 3 is no JSON" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_help_names_every_option_with_its_meaning(tmp_path):
    ended = run("livetiming-service", "demo", "--help", cwd=tmp_path)
    assert ended.returncode == 0
    options = "-d -m -H -N --disable-analysis --uuid -s -r --capture --from --speed -v --debug"
    for option in options.split():
        assert f" {option}" in ended.stdout
    assert "--cars VALUE" in ended.stdout
    assert "cars on the grid" in ended.stdout


@pytest.mark.parametrize("room", [0, 100], ids=["no room", "room for half a line"])
def test_a_full_disk_is_told_once_and_recording_goes_on_when_there_is_room(tmp_path, room):
    """A limit on the size of files stands for the full disk: no root is needed for it."""
    import resource

    with Service(tmp_path, *DEMO) as service:
        service.has(3)
        size = service.path().with_suffix(".jsonl").stat().st_size
        limits = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (size + room, limits[1]))
        wait_for(lambda: "recording is paused" in service.said, "the pause told")
        time.sleep(4)
        seq = service.seq()
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, limits)
        wait_for(lambda: "recording goes on" in service.said, "the end of it told")
        service.has(seq + 6)
        assert service.stopped() == 0
        assert [line.split()[2] for line in service.notes] == ["recording"] * 2
    found = kinds(service.events())
    assert found.count("feed resumed") == 1
    assert found[-1] == "closed stopped"
    assert verify(RealDisk(), service.path()).status is Status.WHOLE
