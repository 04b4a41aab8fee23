import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from livetiming.cli.rectool import main
from tests import six_lines
from tests.cli import race

Rectool = Callable[..., Result]


@pytest.fixture
def rectool() -> Rectool:
    """Runs the program; what was not foreseen fails the test."""

    def run(*args: object, width: int | None = None) -> Result:
        env = {"COLUMNS": None if width is None else str(width)}
        result = CliRunner(env=env).invoke(main, [str(arg) for arg in args])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def growing(tmp_path: Path) -> Path:
    """The growing log of six lines."""
    tail = tmp_path / f"{six_lines.SESSION}.jsonl"
    tail.write_bytes(six_lines.TAIL)
    return tail


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    race.seal(race.grow(folder, race.happenings()), folder / "race.jsonl.zst")
    return folder


@pytest.fixture
def recording(made_once: Path, tmp_path: Path) -> Path:
    """A sealed log of 618 events and 62 cars."""
    return Path(shutil.copy(made_once / "race.jsonl.zst", tmp_path))


@pytest.fixture
def growing_race(made_once: Path, tmp_path: Path) -> Path:
    """The same log, growing, with two frames in its body."""
    for ending in (".jsonl", ".jsonl.zst"):
        shutil.copy(made_once / f"{race.SESSION}{ending}", tmp_path)
    return tmp_path / f"{race.SESSION}.jsonl"


def one_line(result: Result) -> str:
    """The one line on standard error; nothing stands on standard output."""
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line
