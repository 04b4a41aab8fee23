"""Data on standard output, talk on standard error."""

from __future__ import annotations

import sys
from typing import Any

import click
import msgspec


def write_line(line: bytes, *, at_once: bool = False) -> None:
    """Write a line of data, with its line feed.

    Args:
        line: without it.
        at_once: whether somebody waits for it now.
    """
    stream = sys.stdout.buffer
    stream.write(line + b"\n")
    if at_once:
        stream.flush()


def write_json(value: Any) -> None:
    """Write one object as one line of JSON."""
    write_line(msgspec.json.encode(value, enc_hook=str))


def write_text(text: str) -> None:
    """Write text for people; what they cannot see, or what would move their cursor, is replaced."""
    click.echo("\n".join(printable(line) for line in text.splitlines()))


def printable(text: str) -> str:
    """Replace what a terminal would obey instead of showing it: a log is somebody else's text."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def talk(text: str) -> None:
    """Say something to the person at the keyboard."""
    click.echo(printable(text), err=True)


def is_terminal() -> bool:
    """Whether somebody looks at standard output."""
    return sys.stdout.isatty()
