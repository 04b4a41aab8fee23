"""Figures, their limits, and how they are told: a table for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

Limit = float | tuple[float, float] | None


class Figure(NamedTuple):
    """One figure.

    Args:
        name: the same in every run.
        value: what was measured.
        unit: of value and limit.
        limit: what is still good; two numbers are a range.
        ok: whether the value is within it.
        relation: how the limit is meant: `≤`, `≥`, `in`, or empty where there is none.
    """

    name: str
    value: float
    unit: str
    limit: Limit
    ok: bool
    relation: str


def told(name: str, value: float, unit: str) -> Figure:
    """A figure without a limit."""
    return Figure(name, value, unit, None, ok=True, relation="")


def at_most(name: str, value: float, unit: str, limit: float) -> Figure:
    """A figure that may not be larger."""
    return Figure(name, value, unit, limit, ok=value <= limit, relation="≤")


def at_least(name: str, value: float, unit: str, limit: float) -> Figure:
    """A figure that may not be smaller."""
    return Figure(name, value, unit, limit, ok=value >= limit, relation="≥")


def between(name: str, value: float, unit: str, least: float, most: float) -> Figure:
    """A figure that must be in a range, both ends included."""
    return Figure(name, value, unit, (least, most), ok=least <= value <= most, relation="in")


def row(figure: Figure) -> str:
    """The figure as a line of the table."""
    verdict = "" if not figure.relation else "ok" if figure.ok else "MISSED"
    limit = _limit(figure.limit)
    return (
        f"{figure.name:<24}{_number(figure.value):>13}  {figure.relation:>2} {limit:<18}"
        f"{figure.unit:<14}{verdict}"
    ).rstrip()


def _limit(limit: Limit) -> str:
    if limit is None:
        return ""
    if isinstance(limit, tuple):
        return " … ".join(map(_number, limit))
    return _number(limit)


def _number(value: float) -> str:
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 0.1 else f"{value:.4f}"


def write(path: Path, figures: Sequence[Figure]) -> None:
    """Write the figures as a JSON list of `{"name","value","unit","limit","ok"}`."""
    rows = [
        {"name": f.name, "value": round(f.value, 4), "unit": f.unit, "limit": f.limit, "ok": f.ok}
        for f in figures
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = ",\n".join(json.dumps(each) for each in rows)
    path.write_text(f"[\n{text}\n]\n" if rows else "[]\n", encoding="utf-8")


def missed(figures: Iterable[Figure]) -> list[Figure]:
    """Those beyond their limits."""
    return [figure for figure in figures if not figure.ok]
