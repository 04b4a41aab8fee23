"""Printing what was on air at some moment, from the directory's log."""

from __future__ import annotations

from typing import Any

from livetiming.cli.output import write_json, write_text
from livetiming.cli.times import When
from livetiming.errors import BadArgument, NoLog
from livetiming.events.log import Instant, RealDisk, open_reader_of
from livetiming.events.log.paths import growing
from livetiming.projections.directory import DIRECTORY, FOLD
from livetiming.settings import Settings
from livetiming.units import format_instant


def print_listing(settings: Settings, when: When, *, as_json: bool) -> int:
    """Print what was on air.

    Args:
        settings: of the deployment.
        when: the moment.
        as_json: as one JSON object.
    Returns: the exit code.
    Raises: `NoLog`, `LogDamaged`; `BadArgument` for a lap, which a directory has none of.
    """
    if when.text.startswith("lap:"):
        raise BadArgument(f"{when.text}: a directory has no laps; write an instant, or seq:N")
    path = growing(settings.state_dir, DIRECTORY).tail
    if path.exists() and not path.stat().st_size:
        raise NoLog(path, "nothing was on air yet")
    with open_reader_of(FOLD, RealDisk(), path) as reader:
        moment = when.find(reader)
        folded = reader.at(moment)
        if isinstance(moment, Instant) and moment.at < folded.at:
            sessions, at = [], moment.at
        else:
            at = moment.at if isinstance(moment, Instant) else folded.at
            sessions = list(folded.state.sessions.values())
    if as_json:
        write_json({"at": at, "seq": folded.seq, "sessions": sessions})
    else:
        write_text("\n".join([format_instant(at), *map(_line, sessions)]))
    return 0


def _line(fields: dict[str, Any]) -> str:
    """A session, for people."""
    hidden = "  (hidden)" if fields.get("hidden") else ""
    name = " · ".join(text for text in (fields.get("name"), fields.get("description")) if text)
    since = format_instant(fields["started_at"]) if "started_at" in fields else ""
    return f"{fields['session']}  {since}  {fields.get('class', '')}  {name}{hidden}"
