"""`livetiming-plugins new`: a plugin that holds the suite before its first line is written."""

import json
import re
import resource
import subprocess
from pathlib import PurePosixPath

import pytest

from livetiming.cli.scaffold import plugin_files, write_folder
from livetiming.errors import BadArgument
from tests.cli.programs import BIN, environment, run
from tests.examples.separate import Separate


def contents(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def separate(tmp_path_factory):
    return Separate(tmp_path_factory.mktemp("separate"))


def test_a_new_plugin_installs_and_holds_the_conformance_suite_as_it_is(separate, tmp_path):
    made = separate.run("livetiming-plugins", "new", "my_timing", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "livetiming-my-timing"
    installed = separate.run("python", "-m", "pip", "install", "--editable", ".", cwd=folder)
    assert installed.returncode == 0, installed.stderr
    tested = separate.run("python", "-m", "pytest", "-q", "-W", "error", cwd=folder)
    assert tested.returncode == 0, tested.stdout
    assert int(re.search(r"(\d+) passed", tested.stdout)[1]) > 20
    assert "skipped" not in tested.stdout
    listed = separate.run("livetiming-plugins", "--json", cwd=tmp_path)
    ours = {each["class"]: each for each in map(json.loads, listed.stdout.splitlines())}
    assert ours["my_timing"]["version"] == "0.1.0"
    assert ours["my_timing"]["options"] == ["--host", "--port"]
    again = separate.run("livetiming-plugins", "new", "my_timing", "--folder", "x", cwd=tmp_path)
    assert again.returncode == 1
    assert "'my_timing' is installed already" in again.stderr
    assert not (tmp_path / "x").exists()


def test_a_new_plugin_says_nothing_of_the_template(tmp_path):
    assert (
        run("livetiming-plugins", "new", "mine", "--folder", "here", cwd=tmp_path).returncode == 0
    )
    names = contents(tmp_path / "here")
    assert {"setup.cfg", "pyproject.toml", "livetiming_mine/README.md"} <= names
    assert not any("newfeed" in name or "template" in name for name in names)
    assert "newfeed" not in "".join((tmp_path / "here" / name).read_text() for name in names)


def test_a_new_plugin_is_as_tidy_as_the_house(tmp_path):
    assert run("livetiming-plugins", "new", "mine", cwd=tmp_path).returncode == 0
    folder = tmp_path / "livetiming-mine"
    for check in (["check", "--select", "E,F,I,UP,B,SIM,RET"], ["format", "--check"]):
        command = [BIN / "ruff", *check, "--isolated", "--line-length", "100", "."]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


WRONG = {
    (): "Missing argument 'NAME'",
    ("My-Timing",): "expected small letters, digits and _, got 'My-Timing'",
    ("../x",): "expected small letters, digits and _, got '../x'",
    ("",): "expected small letters, digits and _, got ''",
    ("1st",): "expected small letters, digits and _, got '1st'",
    ("a" * 65,): "expected small letters",
    ("mine", "--nosuch"): "No such option",
    ("mine", "yours"): "unexpected extra argument",
    ("mine", "--json"): "No such option",
}


@pytest.mark.parametrize("args", WRONG, ids=" ".join)
def test_a_wrong_name_or_option_is_one_line_and_exit_2(tmp_path, args):
    ended = run("livetiming-plugins", "new", *args, cwd=tmp_path)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert WRONG[args] in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_details_are_for_the_list_only(tmp_path):
    ended = run("livetiming-plugins", "--json", "new", "mine", cwd=tmp_path)
    assert ended.returncode == 2
    assert "--json is for the list" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_class_that_is_installed_is_not_made_again(tmp_path):
    ended = run("livetiming-plugins", "new", "rmonitor", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == (
        "livetiming-plugins: service class 'rmonitor' is installed already; choose another name\n"
    )


@pytest.mark.parametrize("what", ["folder", "file", "link"])
def test_what_is_there_is_never_written_over(tmp_path, what):
    path = tmp_path / "livetiming-mine"
    if what == "folder":
        path.mkdir()
    elif what == "file":
        path.write_text("mine")
    else:
        path.symlink_to("nowhere")
    ended = run("livetiming-plugins", "new", "mine", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == (
        "livetiming-plugins: livetiming-mine: exists already; name another folder with --folder\n"
    )
    assert list(tmp_path.iterdir()) == [path]
    assert what != "folder" or list(path.iterdir()) == []


def test_a_folder_in_no_folder_is_one_line_and_exit_1(tmp_path):
    ended = run("livetiming-plugins", "new", "mine", "--folder", "no/mine", cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == "livetiming-plugins: no/mine: there is no folder no\n"


def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    """A limit on the size of files stands for it: some files of the template are shorter."""
    ended = subprocess.run(
        [BIN / "livetiming-plugins", "new", "mine"],
        cwd=tmp_path,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == "livetiming-plugins: livetiming-mine: File too large\n"
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_nothing_half_written(tmp_path):
    def interrupted():
        files = plugin_files("mine")
        yield next(files)
        yield next(files)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "mine", interrupted())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_made_meanwhile_is_left_alone(tmp_path):
    def meanwhile():
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "theirs").write_text("theirs")
        yield PurePosixPath("ours"), "ours"

    with pytest.raises(BadArgument, match="exists already"):
        write_folder(tmp_path / "mine", meanwhile())
    assert contents(tmp_path) == {"mine/theirs"}


def test_help_has_an_example(tmp_path):
    ended = run("livetiming-plugins", "new", "--help", cwd=tmp_path)
    assert ended.returncode == 0
    assert "livetiming-plugins new mytiming" in ended.stdout
