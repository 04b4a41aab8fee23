"""The flag feed: every flag of a race so far, with its instant, and words about cautions."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import Origin, Posted
from livetiming.services import BadFrame, Fact
from livetiming.services.nascar.earlier import Earlier
from livetiming.services.nascar.fields import (
    Fields,
    duration_us,
    instant,
    record,
    records,
    text,
    whole,
)
from livetiming.services.nascar.flags import FLAGS
from livetiming.services.nascar.run import Run

CATEGORY = "Race control"


def take_flags(entries: list[Fields], run: Run, earlier: Earlier) -> Iterator[Fact]:
    """Take flags.

    What flag is out is the live feed's to say, which is asked more often.

    Args:
        entries: the flags.
        run: the session.
        earlier: what was told in other runs of this race.
    Returns: messages.
    """
    for entry in entries:
        at = instant(entry, "time_of_day_os")
        race_us = duration_us(entry, "elapsed_time")
        if not earlier.is_of_now(("flag", whole(entry, "flag_state"), race_us, at)):
            continue
        if at is not None and race_us is not None:
            run.time.learn(race_us, at)
        yield from _messages(entry, run, at)


def flag_records(document: object) -> list[Fields]:
    """The records of a flag feed: a list, or an object that holds it, as stored in 2023.

    Raises: `BadFrame` where it has none.
    """
    found = record(document).get("FlagStates", document)
    if not isinstance(found, list):
        raise BadFrame("flag feed", f"expected a list of flags, got {str(document)[:40]!r}")
    return records(found)


def _messages(entry: Fields, run: Run, at: int | None) -> Iterator[Fact]:
    flag = FLAGS.get(whole(entry, "flag_state") or 0)
    comment, number = text(entry, "comment"), text(entry, "beneficiary")
    if comment:
        yield _said(comment, flag, None, at)
    if number:
        yield _said(f"Free pass: #{number}", flag, run.roster.find(number, ""), at)


def _said(words: str, style: str | None, car: str | None, at: int | None) -> Fact:
    posted = Posted(category=CATEGORY, text=words, style=style, car=car, origin=Origin.PROVIDER)
    return Fact(posted, at)
