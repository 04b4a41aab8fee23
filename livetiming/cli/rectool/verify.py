"""`verify`: whether a log is as it was written."""

from __future__ import annotations

from pathlib import Path

import click

from livetiming.cli.outcome import Outcome
from livetiming.cli.output import write_json, write_text
from livetiming.cli.rectool.logs import JSON, LOG, locate
from livetiming.events.log import RealDisk, Status, Verdict, verify

OUTCOMES = {
    Status.WHOLE: Outcome.DONE,
    Status.TORN: Outcome.PARTIAL,
    Status.DAMAGED: Outcome.FAILED,
}
"""How a command ends that looked at a log in this status."""

_EXAMPLES = """\b
Example:
  livetiming-rectool verify race.jsonl.zst && echo proven
"""


@click.command(epilog=_EXAMPLES)
@LOG
@JSON
def command(log: Path, *, as_json: bool) -> int:
    """Prove that LOG is as it was written: every line, every chain, every byte of the index.

    Exit 0: whole. 3: torn, its end is cut off; `recover` keeps what is whole.
    1: damaged, it was changed afterwards; restore it from another copy.
    """
    verdict = verify(RealDisk(), locate(log))
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
