"""`rebuild`: makes the stored analyses of recordings again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import click

from livetiming.analyses import analysis_path
from livetiming.analyses.differences import Changes
from livetiming.analyses.making import Made, is_due, make_again
from livetiming.cli.holding import make_folder
from livetiming.cli.outcome import Outcome
from livetiming.cli.output import is_terminal, talk, write_json, write_text
from livetiming.components.dvr.naming import named_recording
from livetiming.disk import Disk, RealDisk, let_go
from livetiming.errors import LivetimingError, LogLocked
from livetiming.settings import check_folders, load_settings

PART = ".rebuild.part"
"""Another ending than the dvr's, which may write the same analysis at the same time."""
LOCK = ".rebuild.lock"

_EXAMPLES = """\b
Examples:
  livetiming-rectool rebuild
  livetiming-rectool rebuild --all --json
"""


class Task(NamedTuple):
    """A recording and where its analysis is."""

    recording: Path
    path: Path


@click.command(epilog=_EXAMPLES)
@click.option("--all", "everything", is_flag=True, help="Also those that nothing is wrong with.")
@click.option("--json", "as_json", is_flag=True, help="One object for each recording, one a line.")
def command(*, everything: bool, as_json: bool) -> int:
    """Make stored analyses again: missing ones, and those of an earlier version.

    Takes the recordings in LIVETIMING_RECORDINGS_DIR and writes to LIVETIMING_ANALYSIS_DIR; says
    for each recording which cars, laps and stops are new (+), gone (-) or otherwise (~) than
    before. Ctrl-C leaves each analysis as it was or as it is now.

    Exit code 3: a recording could not be read and was skipped.
    """
    settings = load_settings()
    check_folders(settings)
    make_folder("LIVETIMING_ANALYSIS_DIR", settings.analysis_dir)
    disk = RealDisk()
    with _alone(disk, settings.analysis_dir):
        tasks = list(_tasks(disk, settings.recordings_dir, settings.analysis_dir))
        return _Rebuilding(disk, everything=everything, as_json=as_json).run(tasks)


@contextmanager
def _alone(disk: Disk, folder: Path) -> Iterator[None]:
    """Be the only one who rebuilds, and take away what one that was killed has left.

    Raises: `LogLocked`.
    """
    try:
        lock = disk.lock(folder / LOCK)
    except BlockingIOError as error:
        raise LogLocked(folder, "analyses are being rebuilt here already") from error
    try:
        for path in disk.beginning(folder, ""):
            if path.name.endswith(PART):
                disk.remove(path)
        yield
    finally:
        disk.remove(folder / LOCK)
        let_go(lock)


def _tasks(disk: Disk, recordings: Path, analyses: Path) -> Iterator[Task]:
    if not recordings.is_dir():
        return
    for recording in disk.beginning(recordings, ""):
        named = named_recording(recording)
        if named is not None:
            yield Task(recording, analysis_path(analyses, named.session, named.history))


class _Rebuilding:
    """One run over all recordings."""

    def __init__(self, disk: Disk, *, everything: bool, as_json: bool) -> None:
        self._disk = disk
        self._everything = everything
        self._as_json = as_json
        self._made = self._skipped = 0

    def run(self, tasks: list[Task]) -> int:
        """Go through them.

        Returns: the exit code.
        """
        with _progress(len(tasks)) as step:
            for task in tasks:
                step(task.recording.name)
                self._rebuild(task)
        as_they_were = len(tasks) - self._made - self._skipped
        talk(f"{self._made} made, {as_they_were} left as they were, {self._skipped} skipped")
        return Outcome.PARTIAL if self._skipped else Outcome.DONE

    def _rebuild(self, task: Task) -> None:
        disk = self._disk
        try:
            if self._everything or is_due(disk, task.recording, task.path):
                self._tell(make_again(disk, task.recording, task.path, PART))
        except LivetimingError as error:
            self._skipped += 1
            talk(f"skipped: {error}")

    def _tell(self, made: Made | None) -> None:
        if made is None:
            return
        self._made += 1
        write_json(made) if self._as_json else write_text(_line(made))


def _line(made: Made) -> str:
    version = "new" if made.before is None else f"version {made.before} to {made.analysis}"
    parts = (("cars", made.cars), ("laps", made.laps), ("stops", made.stops))
    told = [f"{name} {_changes(changes)}" for name, changes in parts if changes]
    return f"{Path(made.recording).name}: {version}: {', '.join(told) or 'nothing changed'}"


def _changes(changes: Changes) -> str:
    counts = (("+", changes.added), ("-", changes.removed), ("~", changes.changed))
    return " ".join(f"{sign}{count}" for sign, count in counts if count)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not is_terminal():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, start=True)
        done = iter(range(total + 1))
        yield lambda name: bar.update(task, completed=next(done), description=name)
