"""Dates as `$I` writes them, `27 Jan 09`, in whatever language the timing server runs."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(\d{1,2})[ ./-]+([^\W\d]{3,12})\.?[ ./-]+(\d{2}|\d{4})")
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

    Returns: the day, or `None` where the month is in a language we do not know, or is none.
    """
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    day, name, year = match.groups()
    month = _month(name.lower())
    try:
        return None if month is None else date(_century(int(year)), month, int(day))
    except ValueError:
        return None


def _month(name: str) -> int | None:
    """The longest beginning that we know: `juin` and `juil` differ in the fourth letter only."""
    known = (_MONTHS[name[:length]] for length in range(len(name), 2, -1) if name[:length] in _MONTHS)
    return next(known, None)


def _century(year: int) -> int:
    return year if year >= 100 else 2000 + year
