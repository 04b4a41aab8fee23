"""What a recording's file is called, and whose it is by its name."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from livetiming.events import Described, SessionId
from livetiming.events.log.paths import BODY

MAX_SLUG = 48
_STEM = r"([0-9a-f]{32})(?:~([2-8]))?"
_RECORDING = re.compile(rf"(?:.*_)?{_STEM}{re.escape(BODY)}")
_GROWING = re.compile(rf"{_STEM}\.(?:jsonl(?:\.zst)?(?:\.part)?|lock|heard)")


class Named(NamedTuple):
    """One history of a session, as a file's name tells it."""

    session: SessionId
    history: int


def recording_name(first_at: int, described: Described, stem: str) -> str:
    """The file of a recording.

    Args:
        first_at: the instant of its first event, epoch ms.
        described: what the session is.
        stem: session and history.
    """
    when = datetime.fromtimestamp(first_at / 1000, UTC)
    name, description = slug(described.name), slug(described.description)
    return f"{when:%Y-%m-%d_%H%M}_{name}_{description}_{stem}{BODY}"


def slug(text: str) -> str:
    """Small letters, digits and hyphens, whatever the text is."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].strip("-") or "session"


def named_recording(path: Path) -> Named | None:
    """Whose recording a file is; `None` where it is none."""
    return _named(_RECORDING, path)


def named_growing(path: Path) -> Named | None:
    """Whose growing log a file belongs to; `None` where it belongs to none."""
    return _named(_GROWING, path)


def _named(pattern: re.Pattern[str], path: Path) -> Named | None:
    match = pattern.fullmatch(path.name)
    return None if match is None else Named(SessionId(match[1]), int(match[2] or 1))
