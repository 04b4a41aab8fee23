"""Dates as `$I` writes them, `27 Jan 09`, in whatever language the timing server runs."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(\d{1,2})[ ./-]+([^\W\d]{3,12})\.?[ ./-]+(\d{2}|\d{4})")
_YEARS = range(1990, 2100)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan jän ene gen",
            "feb fév fev",
            "mar mär mrz mrt maa",
            "apr avr abr",
            "may mai mag maj mei",
            "jun juin giu",
            "jul juil lug",
            "aug aoû ago",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}


def read_day(text: str) -> date | None:
    """Read a date.

    Returns: the day; `None` where it is none, or in a language that we do not know.
    """
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    day, name, year = match.groups()
    return _day(_century(int(year)), _month(name.lower()), int(day))


def _day(year: int, month: int | None, day: int) -> date | None:
    if month is None or year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int | None:
    """The longest beginning that we know: `juin` and `juil` differ in the fourth letter only."""
    beginnings = (name[:length] for length in range(len(name), 2, -1))
    return next((_MONTHS[known] for known in beginnings if known in _MONTHS), None)


def _century(year: int) -> int:
    return year if year >= 100 else 2000 + year
