"""`recover`: what is whole of a log that was cut off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from livetiming.cli.outcome import Outcome
from livetiming.cli.output import write_json, write_text
from livetiming.cli.rectool.logs import JSON, LOG, locate
from livetiming.errors import BadArgument, LogDamaged, NoLog
from livetiming.events.log import RealDisk, Status, Verdict, open_log, verify
from livetiming.events.log.opening import hold
from livetiming.events.log.paths import BODY, growing_of
from livetiming.events.log.salvage import Recovered, recovered, seal_first_frame, seal_whole

_EXAMPLES = """\b
Example:
  livetiming-rectool recover race.jsonl.zst --out mended.jsonl.zst
"""


@click.command(epilog=_EXAMPLES)
@LOG
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Seal what is whole into FILE (.jsonl.zst) and leave LOG as it is.",
)
@JSON
def command(log: Path, out: Path | None, *, as_json: bool) -> int:
    """Keep every whole line of LOG; what was cut off goes into a file beside it.

    A growing log can be written again afterwards; a recording is sealed anew.
    A damaged log is left alone. Exit 0: nothing had to be cut. 3: something was.
    """
    path = locate(log)
    done = _recover_into(path, out) if out else _recover_in_place(path)
    if as_json:
        write_json(done)
    else:
        write_text(_describe(log, done))
    return Outcome.PARTIAL if done.cut_bytes else Outcome.DONE


def _describe(log: Path, done: Recovered) -> str:
    if not done.cut_bytes:
        return f"{log}: {done.kept} events, nothing to cut"
    return f"{log}: {done.kept} events; {done.cut_bytes} bytes cut, kept in {done.torn_path}"


def _recover_into(path: Path, out: Path) -> Recovered:
    if not out.name.endswith(BODY):
        raise BadArgument(f"{out}: a sealed log's name ends in {BODY}")
    if out.exists():
        raise BadArgument(f"{out}: is there already; give another name")
    return _seal(path, out)


def _recover_in_place(path: Path) -> Recovered:
    if not path.name.endswith(BODY) or growing_of(path).tail.exists():
        return _open_again(path)
    with _unwritten(path):
        return _seal(path, path)


def _open_again(path: Path) -> Recovered:
    """Open a growing log as its service would: that cuts it."""
    session = _undamaged(path).session
    tail = growing_of(path).tail
    if session is None or tail.name.partition(".")[0] != session:
        raise BadArgument(f"{tail}: has not the name of its session {session}; use --out FILE")
    opened = open_log(RealDisk(), tail.parent, session)
    with closing(opened.log):
        return recovered(opened.log.place.seq, opened.kept)


def _seal(path: Path, out: Path) -> Recovered:
    try:
        verdict = _undamaged(path)
    except NoLog:
        done = seal_first_frame(RealDisk(), path, out)
        if done is None:
            raise
        return done
    if path == out and verdict.status is Status.WHOLE:
        return Recovered(verdict.events, 0, None)
    return seal_whole(RealDisk(), path, out)


def _undamaged(path: Path) -> Verdict:
    """Verify a log before anything is changed.

    Raises: `LogDamaged`; `NoLog`.
    """
    verdict = verify(RealDisk(), path)
    problem = verdict.problem
    if verdict.status is Status.DAMAGED and problem is not None:
        raise LogDamaged(
            path, problem.what, offset=problem.offset, frame=problem.frame, seq=problem.seq
        )
    return verdict


@contextmanager
def _unwritten(body: Path) -> Iterator[None]:
    """Make sure that nobody writes a body while it is replaced.

    Raises: `LogLocked`; `LogFailed` by the disk.
    """
    paths = growing_of(body)
    if not paths.lock.exists():
        yield
        return
    with closing(hold(RealDisk(), paths)):
        yield
