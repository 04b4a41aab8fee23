"""An analysis for people: who is where, fastest laps, stops, flags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from livetiming.analyses import Analysed
from livetiming.cli.aligned import aligned
from livetiming.cli.output import printable
from livetiming.cli.table_cells import FLAGS, QUIET, STATES
from livetiming.projections.analysis.stops import Stop
from livetiming.racing import Kind
from livetiming.units import format_clock, format_duration, format_instant

_LAPS = 12
"""So many laps of a car's stops are named."""


def overview(analysed: Analysed, width: int) -> list[Text]:
    """Write the analysis of a session.

    Args:
        analysed: the session.
        width: columns of the terminal.
    """
    lines = [*_head(analysed)]
    for part in (_classification, _fastest, _stops, _flags):
        lines += [Text(), *part(analysed)]
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return lines


def _head(analysed: Analysed) -> Iterator[Text]:
    source, described = analysed.source, analysed.described
    if described is not None:
        told = filter(None, (described.name, described.description, described.venue))
        yield Text(printable(" · ".join(told)), "bold")
    laps = analysed.analysis.typed("laps", source.at)
    cars = sum(entry.present for entry in analysed.analysis.typed("entries", source.at))
    yield Text(
        f"{source.session}  event {source.seq}, {format_instant(source.at)}  "
        f"{cars} cars, {len(laps)} timed laps",
        QUIET,
    )


def _classification(analysed: Analysed) -> list[Text]:
    analysis, at = analysed.analysis, analysed.source.at
    teams = {entry.car: entry.team for entry in analysis.typed("entries", at)}
    stops: dict[str, int] = {}
    for stop in analysis.typed("stops", at):
        stops[stop.car] = stop.stop
    rows = [
        [
            str(row.position),
            row.num,
            row.class_ or "",
            _number(row.class_position),
            teams[row.car] or "",
            STATES[row.state][0] if row.state in STATES else row.state or "",
            str(row.laps),
            _gap(row.gap_us, row.gap_laps) if row.position > 1 else "",
            _time(row.best_us),
            _number(stops.get(row.car)),
        ]
        for row in analysis.typed("classification", at)
    ]
    header = [">Pos", "Num", "Class", ">PIC", "Team", "State", ">Laps", ">Gap", ">Best", ">Stops"]
    by_laps = analysed.described is None or analysed.described.kind is Kind.RACE
    title = "Classification" if by_laps else "Classification by best lap"
    return aligned(title, header, rows)


def _fastest(analysed: Analysed) -> list[Text]:
    rows = [
        [row.class_ or "all", row.num, row.driver or "", str(row.lap), _time(row.time_us)]
        for row in analysed.analysis.typed("bests", analysed.source.at)
        if row.what == "lap"
    ]
    return aligned("Fastest laps", ["Class", "Num", "Driver", ">Lap", ">Time"], rows)


def _stops(analysed: Analysed) -> list[Text]:
    analysis, at = analysed.analysis, analysed.source.at
    stops = analysis.typed("stops", at)
    by_car = ([s for s in stops if s.car == c.car] for c in analysis.typed("classification", at))
    rows = [_stops_row(stopped) for stopped in by_car if stopped]
    return aligned("Stops", ["Num", ">Stops", ">In the lane", ">Shortest", "In laps"], rows)


def _stops_row(stops: list[Stop]) -> list[str]:
    lanes = [stop.lane_us for stop in stops if stop.lane_us is not None]
    return [
        stops[-1].num,
        str(len(stops)),
        _time(sum(lanes)) if lanes else "",
        _time(min(lanes, default=None)),
        _laps([stop.lap for stop in stops]),
    ]


def _laps(laps: Sequence[int | None]) -> str:
    told = ["?" if lap is None else str(lap) for lap in laps[:_LAPS]]
    return " ".join([*told, "…"] if len(laps) > _LAPS else told)


def _flags(analysed: Analysed) -> list[Text]:
    periods = analysed.analysis.typed("flags", analysed.source.at)
    rows = []
    for row in periods:
        to_at = analysed.source.at if row.to_at is None else row.to_at
        rows.append(
            [
                FLAGS[row.flag][0] if row.flag in FLAGS else row.flag,
                format_clock((row.from_at - periods[0].from_at) * 1000),
                format_clock((to_at - row.from_at) * 1000),
                _number(row.from_lap),
                _number(row.to_lap),
            ]
        )
    return aligned("Flags", ["Flag", ">After", ">For", ">From lap", ">To lap"], rows)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _time(value_us: int | None) -> str:
    return "" if value_us is None else format_duration(value_us)


def _gap(gap_us: int | None, laps: int | None) -> str:
    if laps is not None:
        return f"{laps} L"
    return "" if gap_us is None else f"+{format_duration(gap_us)}"
