"""The conformance kit catches what it is there for: parsers with one fault each."""

import itertools
import random
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated

import msgspec
import pytest

from livetiming.events import Passed, Picture
from livetiming.racing import Column, ColumnType, columns
from livetiming.services import BadFrame, Fact, Frame, Plugin, SessionSeen, Verified
from livetiming.testing import ProviderConformance
from livetiming.testing.purity import clocks_in

FRAMES = [
    Frame(1_000_000 + second * 1000, "", f"lap {car} {second}")
    for second, car in enumerate(["7", "12", "7", "007", "12"])
]
COLUMNS = columns("num", "laps", "best")


made = itertools.count()


class GoodParser:
    """Reads `lap CAR SECOND`: a lap is counted once for each second."""

    def __init__(self):
        self.seen = False
        self.laps = {}

    def receive(self, frame):
        words = frame.data.split(" ")
        if len(words) != 3 or words[0] != "lap" or not words[1].isalnum():
            raise BadFrame("line", "expected lap CAR SECOND")
        yield from self.describe()
        yield from self.take(words[1][:8], words[2][:8])

    def describe(self):
        if not self.seen:
            self.seen = True
            yield SessionSeen(key="1", name="Laps", description="", columns=COLUMNS)

    def take(self, car, second):
        done = self.laps.setdefault(car, set())
        if second not in done and (car in self.laps or len(self.laps) < 200):
            done.add(second)
            yield Fact(Passed(car, "finish", len(done)))

    def picture(self):
        cars = {car: {"num": car, "laps": len(done)} for car, done in self.laps.items()}
        return Picture(cars, list(cars))


class Suite(ProviderConformance):
    service_class = "laps"
    made = GoodParser
    told = FRAMES

    @classmethod
    def names(cls):
        return ["laps"]

    @classmethod
    def frames(cls, feed):
        return list(cls.told)


def suite(parser=GoodParser, told=FRAMES, golden=None, **declared):
    declared = {"title": "Laps", "verified": Verified.SIMULATION, "columns": COLUMNS, **declared}
    made = type("Suite", (Suite,), {"told": told, "golden": golden})
    made.plugin = Plugin(parser=lambda _: parser(), transport=lambda _: None, **declared)
    return made()


def asked(*, update=False, mutations=200):
    options = {"--golden-update": update, "--mutations": mutations}
    return SimpleNamespace(config=SimpleNamespace(getoption=options.get))


def test_a_good_provider_passes_all_of_it(tmp_path):
    good = suite(golden=tmp_path / "golden")
    good.test_a_feed_is_told_as_reviewed("laps", asked(update=True))
    good.test_every_golden_file_has_its_feed()
    good.test_a_feed_is_told_as_reviewed("laps", asked())
    good.test_a_feed_is_told_the_same_twice("laps")
    good.test_what_a_parser_says_needs_no_refusing("laps")
    good.test_what_a_feed_shows_was_declared("laps")
    good.test_frames_that_come_twice_do_no_harm("laps")
    good.test_looking_again_shows_the_same("laps")
    good.test_the_parser_touches_nothing_outside()
    good.test_damaged_frames_break_nothing(asked())
    good.test_the_plugin_says_what_it_is()


def test_a_golden_file_that_is_missing_is_told_with_how_to_write_it(tmp_path):
    with pytest.raises(AssertionError, match="--golden-update"):
        suite(golden=tmp_path).test_a_feed_is_told_as_reviewed("laps", asked())


def test_a_feed_that_is_told_otherwise_than_reviewed_fails(tmp_path):
    suite(golden=tmp_path).test_a_feed_is_told_as_reviewed("laps", asked(update=True))
    shorter = suite(golden=tmp_path, told=FRAMES[:-1])
    with pytest.raises(AssertionError, match="not as reviewed"):
        shorter.test_a_feed_is_told_as_reviewed("laps", asked())


def test_a_golden_file_without_a_feed_fails(tmp_path):
    (tmp_path / "other.txt").touch()
    with pytest.raises(AssertionError):
        suite(golden=tmp_path).test_every_golden_file_has_its_feed()


class ChanceParser(GoodParser):
    def picture(self):
        picture = super().picture()
        for cells in picture.cars.values():
            cells["best"] = random.getrandbits(30)
        return picture


class RefusedParser(GoodParser):
    def picture(self):
        picture = super().picture()
        for cells in picture.cars.values():
            cells["best"] = float("nan")
        return picture


class UndeclaredParser(GoodParser):
    def picture(self):
        picture = super().picture()
        for cells in picture.cars.values():
            cells["team"] = "Ours"
        return picture


class ForeignParser(GoodParser):
    def describe(self):
        more = (*COLUMNS, Column("colour", ColumnType.TEXT, "Colour"))
        yield SessionSeen(key="1", name="Laps", description="", columns=more)


class CountingParser(GoodParser):
    """Counts each frame that arrives, repeated or not."""

    def take(self, car, second):
        return super().take(car, f"{second}.{len(self.laps.get(car, ()))}")


class LookedAtParser(GoodParser):
    def __init__(self):
        super().__init__()
        self.looks = itertools.count()

    def picture(self):
        picture = super().picture()
        for cells in picture.cars.values():
            cells["best"] = next(self.looks)
        return picture


class ReadingParser(GoodParser):
    def describe(self):
        assert Path(__file__).exists()
        with open(__file__, encoding="utf-8") as file:  # noqa: PTH123
            file.read(1)
        return super().describe()


class CrashingParser(GoodParser):
    def receive(self, frame):
        assert frame.data.startswith("lap ")
        yield from super().receive(frame)


class SlowParser(GoodParser):
    def receive(self, frame):
        began = time.process_time()
        while len(frame.data) > 1_000 and time.process_time() - began < 1.1:
            pass
        yield from super().receive(frame)


class LazyParser(GoodParser):
    """Takes its time not when it reads, but when it is looked at."""

    def picture(self):
        began = time.process_time()
        while self.laps and time.process_time() - began < 1.1:
            pass
        return super().picture()


class LargeParser(GoodParser):
    """Takes much, and gives it back at once."""

    def receive(self, frame):
        assert bytearray(b"x") * (100 << 20)
        yield from super().receive(frame)


class BadCarsParser(GoodParser):
    def picture(self):
        picture = super().picture()
        return Picture(picture.cars, picture.order[:1])


@pytest.mark.parametrize(
    ("parser", "fails"),
    [
        (ChanceParser, lambda s: s.test_a_feed_is_told_the_same_twice("laps")),
        (RefusedParser, lambda s: s.test_what_a_parser_says_needs_no_refusing("laps")),
        (BadCarsParser, lambda s: s.test_what_a_parser_says_needs_no_refusing("laps")),
        (UndeclaredParser, lambda s: s.test_what_a_feed_shows_was_declared("laps")),
        (ForeignParser, lambda s: s.test_what_a_feed_shows_was_declared("laps")),
        (CountingParser, lambda s: s.test_frames_that_come_twice_do_no_harm("laps")),
        (LookedAtParser, lambda s: s.test_looking_again_shows_the_same("laps")),
        (ReadingParser, lambda s: s.test_the_parser_touches_nothing_outside()),
        (GoodParser, lambda s: s.test_the_parser_knows_no_clock()),
        (CrashingParser, lambda s: s.test_damaged_frames_break_nothing(asked())),
        (SlowParser, lambda s: s.test_damaged_frames_break_nothing(asked(mutations=2_000))),
        (LazyParser, lambda s: s.test_damaged_frames_break_nothing(asked(mutations=1))),
        (LargeParser, lambda s: s.test_damaged_frames_break_nothing(asked(mutations=1))),
        (BadCarsParser, lambda s: s.test_damaged_frames_break_nothing(asked())),
    ],
    ids=lambda given: getattr(given, "__name__", "").replace("<lambda>", ""),
)
def test_a_fault_is_caught(parser, fails):
    """This module itself imports clocks, so that even the good parser is caught by that test."""
    with pytest.raises(AssertionError):
        fails(suite(parser))


def test_what_a_process_had_before_does_not_hide_what_a_frame_takes():
    assert bytearray(b"x") * (300 << 20)
    with pytest.raises(AssertionError, match="KiB"):
        suite(LargeParser).test_damaged_frames_break_nothing(asked(mutations=1))


@pytest.mark.parametrize(
    "imports",
    [
        "from made{n}.board import X",
        "from .board import X",
        "from . import board",
        "from made{n} import board",
        "import made{n}.board",
    ],
)
def test_a_clock_is_found_however_its_module_is_imported(tmp_path, monkeypatch, imports):
    name = f"made{next(made)}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    (tmp_path / name / "board.py").write_text("import time\nX = 1\n")
    (tmp_path / name / "protocol.py").write_text(imports.replace("made{n}", name) + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert clocks_in(f"{name}.protocol") == [f"{name}.board: import time"]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    host: str = ""


class Described(msgspec.Struct, frozen=True, kw_only=True):
    host: Annotated[str, msgspec.Meta(description="where")] = ""


@pytest.mark.parametrize(
    "declared",
    [
        {"title": ""},
        {"columns": ()},
        {"options": Options},
        {"options": Described, "schedulable": frozenset({"port"})},
    ],
    ids=str,
)
def test_a_plugin_that_does_not_say_what_it_is_is_caught(declared):
    with pytest.raises(AssertionError):
        suite(**declared).test_the_plugin_says_what_it_is()


def test_a_provider_without_a_readme_is_caught():
    with pytest.raises(AssertionError, match=r"README\.md"):
        suite().test_a_readme_says_what_it_is_verified_against()


def test_a_feed_that_never_names_a_session_is_caught():
    class Silent(GoodParser):
        def describe(self):
            return ()

    with pytest.raises(AssertionError, match="no session"):
        suite(Silent).test_what_a_parser_says_needs_no_refusing("laps")
