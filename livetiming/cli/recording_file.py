"""The file that sessions are sealed to, looked at before anything of a service begins."""

from __future__ import annotations

import os
from pathlib import Path

import click


def check_recording(state_dir: Path, path: Path | None) -> None:
    """See that sessions can be sealed under a name.

    Raises: `click.UsageError` where they cannot.
    """
    if path is None:
        return
    from livetiming.events.log.paths import BODY  # the log, which most need not wait for

    folder = path.parent
    if not path.name.removesuffix(BODY) or not path.name.endswith(BODY):
        raise click.UsageError(f"-r: expected a FILE that ends in {BODY}, got {path}")
    if not folder.is_dir():
        raise click.UsageError(f"-r: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise click.UsageError(f"-r: {folder} cannot be written to")
    if folder.resolve() == state_dir.resolve():
        raise click.UsageError(f"-r: {folder} is for the service's own logs; name another folder")
