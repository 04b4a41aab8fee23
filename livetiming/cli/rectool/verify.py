"""`verify`: whether a log is as it was written."""

from __future__ import annotations

from pathlib import Path

import click

from livetiming.cli.outcome import Outcome, fail
from livetiming.cli.output import write_json, write_text
from livetiming.cli.rectool.logs import JSON, locate
from livetiming.errors import BadArgument, LogError
from livetiming.events.log import RealDisk, Status, Verdict, verify

OUTCOMES = {
    Status.WHOLE: Outcome.DONE,
    Status.TORN: Outcome.PARTIAL,
    Status.DAMAGED: Outcome.FAILED,
}
"""How a command ends that looked at a log in this status."""
_WORSE = (Outcome.DONE, Outcome.PARTIAL, Outcome.FAILED)

_EXAMPLES = """\b
Example:
  livetiming-rectool verify race.jsonl.zst && echo proven
"""


@click.command(epilog=_EXAMPLES)
@click.argument("logs", metavar="LOG...", nargs=-1, required=True, type=click.Path(path_type=Path))
@JSON
def command(logs: tuple[Path, ...], *, as_json: bool) -> int:
    """Prove that each LOG is as it was written: every line, every chain, every byte of the index.

    Exit 0: whole. 3: torn, its end is cut off; `recover` keeps what is whole.
    1: damaged, it was changed afterwards; restore it from another copy.
    Of several logs the worst one decides: 1, then 3, then 0.
    """
    return max((_verify(log, as_json=as_json) for log in logs), key=_WORSE.index)


def _verify(log: Path, *, as_json: bool) -> Outcome:
    """Verify one log; one that cannot be read does not keep us from the next."""
    try:
        verdict = verify(RealDisk(), locate(log))
    except (LogError, BadArgument) as error:
        fail(str(error))
        return Outcome.FAILED
    if as_json:
        write_json(verdict)
    else:
        write_text(describe(log, verdict))
    return OUTCOMES[verdict.status]


def describe(log: Path, verdict: Verdict) -> str:
    """A verdict in words."""
    text = f"{log}: {verdict.status}, events to {verdict.events}, frames {verdict.frames}"
    if verdict.chain:
        text += f", chain {verdict.chain}"
    if verdict.problem is not None:
        frame = "" if verdict.problem.frame is None else f" (frame {verdict.problem.frame})"
        text += f"\n  at byte {verdict.problem.offset}{frame}: {verdict.problem.what}"
        text += f"\n  good up to event {verdict.problem.seq}"
    return text
