"""What came of a feed, as a text that a person can review and a test compares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from livetiming.events.state import as_json
from livetiming.testing.following import Followed, MemoryLog


def golden_text(followed: Followed) -> str:
    """Write what came of a feed: what could not be read, then each session's lines and its end."""
    return "\n".join(_lines(followed)) + "\n"


def _lines(followed: Followed) -> Iterator[str]:
    for what in followed.told:
        yield f"! {what}"
    for log in followed.logs:
        yield from _session(log)


def _session(log: MemoryLog) -> Iterator[str]:
    yield f"--- session {int(log.session, 16)}"
    for line in log.lines:
        yield _brief(line)
    state = msgspec.json.decode(as_json(log.state))
    yield "--- at the end"
    yield msgspec.json.encode(state["session"]).decode()
    for place, car in enumerate(state["cars"], start=1):
        yield f"{place} {msgspec.json.encode(car).decode()}"


def _brief(line: bytes) -> str:
    """A line as it is; of a description, columns by their ids and no versions."""
    event = msgspec.json.decode(line)
    if event["type"] == "described":
        del event["versions"]
        for field in ("columns", "track"):
            event[field] = " ".join(column["id"] for column in event[field])
    return msgspec.json.encode(event).decode()


def compare(followed: Followed, path: Path, *, update: bool) -> None:
    """Compare with a golden file, or write it.

    Args:
        followed: what came of the feed.
        path: of the golden file.
        update: write it instead, for its author to review.
    Raises: `AssertionError` where they differ or there is none.
    """
    text = golden_text(followed)
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"no {path}: write it with --golden-update, and review it"
    assert text == path.read_text(encoding="utf-8"), f"not as reviewed in {path.name}"
