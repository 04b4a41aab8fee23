"""`livetiming`: the whole system on this machine."""

from __future__ import annotations

import click

import livetiming
from livetiming.cli.outcome import Program
from livetiming.cli.up import up


@click.group(
    cls=Program,
    name="livetiming",
    commands=[up],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(livetiming.__version__, prog_name="livetiming")
def main() -> None:
    """Live timing on this machine."""
