"""Moments of a session as arguments of a command."""

from __future__ import annotations

import click

from livetiming.errors import BadArgument
from livetiming.moments import When, parse

__all__ = ["TimeArgument", "When"]


class TimeArgument(click.ParamType[When]):
    """An argument that is a moment."""

    name = "time"

    def convert(
        self, value: str | When, _: click.Parameter | None, ctx: click.Context | None
    ) -> When:
        """Read it."""
        if isinstance(value, When):
            return value
        try:
            return parse(value)
        except BadArgument as error:
            raise click.UsageError(str(error), ctx) from error
