"""Rows by car, and numbers divided alike in Python and JavaScript."""

from __future__ import annotations

from collections.abc import Iterable

from livetiming.projections.happenings import Lap


def laps_by_car(laps: Iterable[Lap]) -> dict[str, list[Lap]]:
    """The laps of each car in their order; cars in the order of their first rows."""
    found: dict[str, list[Lap]] = {}
    for lap in laps:
        found.setdefault(lap.car, []).append(lap)
    for each in found.values():
        each.sort(key=_number)
    return found


def _number(lap: Lap) -> int:
    return lap.lap


def divided(total: int, count: int) -> int | None:
    """A mean of integers, rounded half up; `None` of none."""
    return (2 * total + count) // (2 * count) if count else None


def share(part: int, total: int) -> float | int | None:
    """A share to four decimals, rounded half up; `None` of nothing."""
    ten_thousandths = divided(part * 10_000, total)
    if ten_thousandths is None:
        return None
    return plain(ten_thousandths)


def plain(ten_thousandths: int) -> float | int:
    """A number of ten thousandths, an integer where it is one."""
    whole, rest = divmod(ten_thousandths, 10_000)
    return ten_thousandths / 10_000 if rest else whole


def best(times: Iterable[int | None]) -> int | None:
    """The shortest of some times, of which some are not known."""
    return min((time_us for time_us in times if time_us is not None), default=None)
