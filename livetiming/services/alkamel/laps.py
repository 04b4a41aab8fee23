"""The parser of lap-by-lap files: names, headers and rows in, sessions, crossings, picture out."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import Clock, Passed, Picture
from livetiming.racing import Flag
from livetiming.services import BadFrame, Fact, Frame, SessionSeen, Strange, Update
from livetiming.services.alkamel.field import Field
from livetiming.services.alkamel.flags import FLAGS
from livetiming.services.alkamel.rows import Header, Lap, decoded, is_header
from livetiming.services.alkamel.table import FILE_COLUMNS
from livetiming.services.alkamel.titles import is_by_best_lap, title_of
from livetiming.units import format_instant

NAME = "Al Kamel"
"""What a session is called: a file never names its series."""
MAX_NAME = 256


class LapsParser:
    """Follows one lap-by-lap file after the other."""

    def __init__(self) -> None:
        self._key: str | None = None
        self._began = False
        self._header: Header | None = None
        self._strange = Strange()
        self._start(by_best_lap=False)

    def _start(self, *, by_best_lap: bool) -> None:
        self._header = None
        self._field = Field(by_best_lap=by_best_lap)
        self._ended = False

    def picture(self) -> Picture:
        """The field now."""
        return self._field.settle()

    def name(self, frame: Frame) -> Iterator[Update]:
        """A file begins; that of the session that is open may begin once more."""
        text = decoded(frame.data)[:MAX_NAME]
        title = title_of(text)
        key = f"{title.stem} {format_instant(frame.at)}"
        if key == self._key:
            return
        yield _seen(key, text)
        self._key = key
        self._began = True
        self._start(by_best_lap=is_by_best_lap(title.kind))

    def row(self, frame: Frame) -> Iterator[Update]:
        """A header or a lap."""
        text = decoded(frame.data)
        if not self._began:
            yield _seen(None, "")
            self._began = True
        if is_header(text):
            self._header = Header(text)
            return
        if self._header is None:
            raise BadFrame("no header", f"expected a header before {text[:60]!r}")
        yield from self._lap(self._header.read(text), frame.at)
        self._strange.tell()

    def _lap(self, lap: Lap, at: int) -> Iterator[Update]:
        for column, text in lap.strange.items():
            self._strange.meet(column, text)
        car = self._field.take(lap)
        self._tell_time(lap, at)
        if car is not None:
            yield Fact(_passed(car, lap))

    def _tell_time(self, lap: Lap, at: int) -> None:
        """The clock stands from the moment the winner has crossed the line."""
        session = self._field.picture.session
        flag = FLAGS.get(lap.flag)
        if flag is not None:
            session["flag"] = flag
        elif lap.flag:
            self._strange.meet("flag", lap.flag)
        if lap.total_us is not None and not self._ended:
            self._ended = flag is Flag.CHEQUERED
            session["elapsed"] = Clock(lap.total_us, at, not self._ended)


def _seen(key: str | None, name: str) -> SessionSeen:
    title = title_of(name)
    return SessionSeen(
        key=key,
        name=NAME,
        description=title.description if name else "",
        kind=title.kind,
        columns=FILE_COLUMNS,
    )


def _passed(car: str, lap: Lap) -> Passed:
    return Passed(
        car=car,
        line="finish_pit" if lap.in_pit else "finish",
        lap=lap.lap,
        lap_us=lap.lap_us,
        total_us=lap.total_us,
        driver=lap.driver or None,
    )
