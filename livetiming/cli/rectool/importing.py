"""`livetiming-rectool import`: a capture through a provider's parser, as fast as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from livetiming.cli.options import read_options_without_feed
from livetiming.cli.outcome import Outcome
from livetiming.cli.output import is_terminal, talk, write_json, write_text
from livetiming.errors import BadCapture
from livetiming.events.log import RealDisk
from livetiming.services.api import CaptureHints
from livetiming.services.capture import read_frames
from livetiming.services.importing import Imported, Importer, capture_digest
from livetiming.services.messages import GENERATORS
from livetiming.services.plugins import load, version_of
from livetiming.services.terms import Terms
from livetiming.units import format_instant

_YEAR_2001 = 978_307_200_000
"""What begins before is of a capture that names no day: where nobody knows it, it is 2000."""


def _zone(_context: click.Context, _option: click.Parameter, value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(f"expected a zone such as Europe/Paris, got {value!r}") from error


@click.command("import")
@click.argument("service_class", metavar="CLASS")
@click.argument(
    "captures",
    metavar="CAPTURE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True),
)
@click.option(
    "--out",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the logs; made where it does not exist.",
)
@click.option(
    "--date",
    "day",
    metavar="D",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day on which a capture begins that has times of day only.  [default: 2000-01-01]",
)
@click.option(
    "--tz",
    "zone",
    metavar="Z",
    default="UTC",
    callback=_zone,
    help="Zone of the times in it, such as Europe/Paris.  [default: UTC]",
)
@click.option("--json", "as_json", is_flag=True, help="One object for each session, one a line.")
def command(
    *,
    service_class: str,
    captures: tuple[Path, ...],
    folder: Path,
    day: datetime | None,
    zone: ZoneInfo,
    as_json: bool,
) -> int:
    """Make one sealed log of each session in a capture.

    The same capture always gives the same logs, to the byte.

    \b
    Example:
      livetiming-rectool import rmonitor race.txt --out logs --date 2026-06-14 --tz Europe/Paris

    Exit code 3: something in the capture could not be read and was skipped.
    """
    plugin = load(service_class)
    ungiven = dict.fromkeys(plugin.options.__struct_fields__)
    hints = CaptureHints(None if day is None else day.date(), zone)
    folder.mkdir(parents=True, exist_ok=True)
    importer = Importer(
        RealDisk(),
        folder,
        capture_digest(service_class, captures),
        plugin.parser(read_options_without_feed(plugin.options, ungiven)),
        Terms(
            class_=service_class,
            attribution=plugin.attribution,
            plugin=version_of(service_class),
        ),
        (*GENERATORS, *plugin.generators),
        lambda _, what: talk(f"skipped: {what}"),
    )
    with _progress() as progress:
        found = importer.run(read_frames(plugin, service_class, captures, hints), progress)
    if not found:
        raise BadCapture(f"{captures[0]}: no session with a car is in it")
    if day is None and found[0].first_at < _YEAR_2001:
        talk("no date in the capture: it begins on 2000-01-01; name its day with --date")
    for imported in found:
        write_json(imported) if as_json else write_text(_line(imported))
    return Outcome.PARTIAL if importer.recorder.skipped else Outcome.DONE


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not is_terminal():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("importing") as status:
        yield lambda count: status.update(f"importing: {count} frames")


def _line(imported: Imported) -> str:
    name = " · ".join(filter(None, (imported.name, imported.description)))
    skipped = f", {imported.skipped} skipped" if imported.skipped else ""
    return (
        f"{imported.path}  {name}  {imported.cars} cars, {imported.events} events from "
        f"{format_instant(imported.first_at)}{skipped}"
    )
