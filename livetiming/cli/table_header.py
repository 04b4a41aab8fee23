"""What stands above the timing table: whose session it is, which moment is shown, flag and clocks.

It never lies about time: each screen says which moment it shows, and how old the news is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from rich.text import Text

from livetiming.cli.output import printable
from livetiming.cli.table_cells import ACCENT, FLAGS, QUIET, cut
from livetiming.events import Clock, FeedStatus, State
from livetiming.events.clock import read
from livetiming.racing import SessionField
from livetiming.units import format_clock, format_instant


class Mode(StrEnum):
    """Which moment a screen shows: now, one of a recording that plays, or one that stands."""

    LIVE = "live"
    REPLAY = "replay"
    MOMENT = "moment"


class Look(NamedTuple):
    """How somebody looks at a session.

    Args:
        width: columns of the terminal.
        at: the instant that is shown, epoch ms: clocks are read then.
        mode: which kind of moment that is.
        height: rows of the terminal; `None`: as many as there are cars.
        seq: the last event of it.
        age_ms: how old the newest line is, where that means something.
        speed: of a replay.
    """

    width: int
    at: int
    mode: Mode
    height: int | None = None
    seq: int = 0
    age_ms: int | None = None
    speed: float = 1


def header(state: State, look: Look) -> list[Text]:
    """The lines above the table."""
    return [
        spread(_title(state), _moment(state, look), look.width),
        _clocks(state, look),
    ]


def spread(left: Text, right: Text, width: int) -> Text:
    """One line with a text at each edge; the left one gives way."""
    room = max(0, width - right.cell_len - 1)
    if left.cell_len > room:
        left = left.copy()
        left.truncate(room, overflow="ellipsis")
    blanks = max(0, width - left.cell_len - right.cell_len)
    line = Text.assemble(left, " " * blanks, right)
    line.truncate(width)
    return line


def _title(state: State) -> Text:
    described = state.described
    if described is None:
        return Text("Not described yet", QUIET)
    part = state.session.get(SessionField.PART)
    texts = (described.name, described.description, part, described.venue)
    parts = [printable(text) for text in texts if isinstance(text, str) and text]
    title = Text(parts[0] if parts else described.session, "bold")
    for text in parts[1:]:
        title.append(f" · {text}")
    return title


def _moment(state: State, look: Look) -> Text:
    match look.mode:
        case Mode.LIVE:
            return _live(state, look)
        case Mode.REPLAY:
            return Text(f"▶ REPLAY ×{look.speed:g}  {_instant(look.at)}", f"bold {ACCENT}")
        case Mode.MOMENT:
            return Text(f"AT {_instant(look.at)}  event {look.seq}", f"bold {ACCENT}")


def _live(state: State, look: Look) -> Text:
    age = "" if look.age_ms is None else f"  newest line {_age(look.age_ms)} ago"
    if state.closed is not None:
        return Text.assemble(("■ OVER", "bold"), f" {state.closed.reason}{age}")
    feed = state.feed
    if feed is not None and feed.status in (FeedStatus.STALE, FeedStatus.LOST):
        since = _age(max(0, look.at - feed.at))
        word = f"▲ FEED {feed.status.upper()}"
        return Text.assemble((word, "bold #facc15"), f" for {since}{age}")
    return Text.assemble(("● LIVE", f"bold {ACCENT}"), age)


def _age(milli: int) -> str:
    seconds = max(0, milli) // 1000
    if seconds < 100:
        return f"{seconds} s"
    if seconds < 100 * 60:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 100 * 3600 else f"{seconds // 86400} d"


def _instant(at: int) -> str:
    text = format_instant(at)
    return f"{text[:10]} {text[11:19]}Z"


def _clocks(state: State, look: Look) -> Text:
    elapsed = _clock(state, SessionField.ELAPSED, "elapsed", look.at)
    remaining = _clock(state, SessionField.REMAINING, "left", look.at)
    room = look.width - len(elapsed) - len(remaining) - 2
    middle = _flag(state, room)
    gap = max(1, (look.width - middle.cell_len) // 2 - len(elapsed))
    return spread(Text.assemble(elapsed, " " * gap, middle), Text(remaining), look.width)


def _clock(state: State, field: SessionField, word: str, at: int) -> str:
    clock = state.session.get(field)
    if not isinstance(clock, Clock):
        return ""
    until = at if state.closed is None else min(at, state.closed.at)
    shown = format_clock(read(clock, until, down=field is SessionField.REMAINING))
    return f"{shown} {word}" if clock.runs else f"{shown} {word} (stopped)"


def _flag(state: State, room: int) -> Text:
    flag = state.session.get(SessionField.FLAG)
    word, style = FLAGS.get(str(flag), ("flag not known", QUIET))
    shown = Text(f" {word} ", style)
    for more in (_laps(state), _zones(state)):
        if more and shown.cell_len + 2 < room:
            shown.append("  " + cut(more, room - shown.cell_len - 2), "not bold default on default")
    return shown


def _laps(state: State) -> str:
    laps, total, left = (
        state.session.get(field)
        for field in (SessionField.LAPS, SessionField.LAPS_TOTAL, SessionField.LAPS_REMAINING)
    )
    text = "" if laps is None else f"lap {laps}"
    if text and total is not None:
        text += f" of {total}"
    if left is not None:
        text += f"{', ' if text else ''}{left} laps left"
    return text


def _zones(state: State) -> str:
    zones = state.session.get(SessionField.ZONES)
    return printable(zones) if isinstance(zones, str) else ""
