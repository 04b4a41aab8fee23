import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import livetiming
from livetiming.cli.rectool import VERBS
from tests.cli.rectool.conftest import one_line

READING = [verb for verb in VERBS if verb not in ("import", "rebuild")]
NEEDED = {"export": ("--to", "csv")}
"""What a verb is not run without."""


def program(*args: object, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "livetiming.cli.rectool", *map(str, args)]
    return subprocess.run(command, capture_output=True, timeout=60, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_every_verb(rectool, flag):
    result = rectool(flag)
    assert result.exit_code == 0
    for verb, (_, does) in VERBS.items():
        assert f"{verb} " in result.stdout
        assert does in result.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_each_verb_has_an_example(rectool, verb):
    result = rectool(verb, "-h")
    assert result.exit_code == 0
    assert f"\n    livetiming-rectool {verb} " in result.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_a_module_with_a_command(verb):
    module = import_module(f"livetiming.cli.rectool.{VERBS[verb][0]}")
    assert module.__doc__.startswith((f"`{verb}`", f"`livetiming-rectool {verb}`"))
    assert module.command.callback


def test_the_version_is_the_package_s(rectool):
    assert rectool("--version").stdout == f"livetiming-rectool, version {livetiming.__version__}\n"


def test_help_imports_no_verb_and_nothing_heavy():
    code = (
        "import sys; from livetiming.cli.rectool import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'rich', 'zstandard', 'twisted', 'livetiming.events'} & sys.modules.keys()\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("verb", READING)
def test_a_log_that_is_not_there_is_one_line_and_exit_1(rectool, tmp_path, verb):
    result = rectool(verb, tmp_path / "none.jsonl.zst", *NEEDED.get(verb, ()))
    assert result.exit_code == 1
    expected = f"{tmp_path}/none.jsonl.zst: there is no log here"
    assert one_line(result) == f"livetiming-rectool: {expected}"


@pytest.mark.parametrize("verb", READING)
@pytest.mark.parametrize("name", ["notes.txt", "notes.jsonl", "notes.jsonl.zst", "notes"])
def test_a_file_that_is_no_log_is_one_line_and_exit_1(rectool, tmp_path, verb, name):
    path = tmp_path / name
    path.write_text("Lorem ipsum dolor sit amet.\n" * 20)
    result = rectool(verb, path, *NEEDED.get(verb, ()))
    assert result.exit_code == 1
    assert str(path) in one_line(result)
    assert path.read_text() == "Lorem ipsum dolor sit amet.\n" * 20
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("verb", READING)
def test_a_folder_is_called_one(rectool, tmp_path, verb):
    result = rectool(verb, tmp_path, *NEEDED.get(verb, ()))
    assert result.exit_code == 1
    assert one_line(result) == f"livetiming-rectool: {tmp_path}: is a folder; name a log in it"


@pytest.mark.parametrize(
    "args", [[], ["show"], ["shew", "x"], ["show", "x", "--jsn"], ["replay", "x", "--speed", "0"]]
)
def test_wrong_usage_is_exit_2(rectool, args):
    result = rectool(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1 or not args


def test_a_reader_who_goes_away_is_no_error_worth_words(recording):
    with subprocess.Popen(
        [sys.executable, "-m", "livetiming.cli.rectool", "replay", recording, "--states"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line_and_exit_1(recording):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "livetiming.cli.rectool", "inspect", recording],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stderr == b"livetiming-rectool: No space left on device\n"


def test_ctrl_c_is_quiet(recording):
    with subprocess.Popen(
        [sys.executable, "-m", "livetiming.cli.rectool", "replay", recording, "--speed", "0.01"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b'{"seq":1,')
        process.send_signal(2)
        assert process.stderr.read() == b""
        assert process.wait(60) == 130


def test_a_terminal_that_knows_only_ascii_gets_a_table_all_the_same(recording):
    done = program("show", recording, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert b"WEC" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_line(rectool, recording):
    recording.chmod(0)
    result = rectool("show", recording)
    assert result.exit_code == 1
    assert one_line(result).endswith("cannot be read: Permission denied")
