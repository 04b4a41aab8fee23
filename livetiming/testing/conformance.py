"""What every provider must hold, as a test class that its tests subclass."""

from __future__ import annotations

import inspect
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import ClassVar
from zoneinfo import ZoneInfo

import msgspec
import pytest

from livetiming.cli.options import read_options_without_feed
from livetiming.events import Changed, Described, Passed, Posted
from livetiming.racing import SessionField
from livetiming.services.api import BadFrame, CaptureHints, Frame, Parser, Plugin, variables
from livetiming.services.capture import read_frames
from livetiming.testing.damage import damaged_feed
from livetiming.testing.following import Followed, MemoryLog
from livetiming.testing.golden import compare, golden_text
from livetiming.testing.purity import clocks_in, watch_outside
from livetiming.testing.watched import Watched

_SEED = 20_090_127
_CLOCKS = frozenset({SessionField.ELAPSED, SessionField.REMAINING})


class ProviderConformance:
    """Subclass it as `Test…` and name the provider and its feeds; pytest does the rest.

    Args:
        plugin: the provider.
        service_class: its name.
        feeds: a folder of captures or of fixtures written by you, named by situation: each file
            or folder in it is one feed.
        golden: a folder with what is to come of each; `pytest --golden-update` writes it.
        hints: what the feeds do not say about their times.
    """

    plugin: ClassVar[Plugin]
    service_class: ClassVar[str]
    feeds: ClassVar[Path]
    golden: ClassVar[Path]
    hints: ClassVar[CaptureHints] = CaptureHints(None, ZoneInfo("UTC"))

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test that asks for a `feed` once with each."""
        if "feed" in metafunc.fixturenames:
            metafunc.parametrize("feed", self.names())

    @classmethod
    def names(cls) -> list[str]:
        """The names of all feeds."""
        return sorted(path.name for path in cls.feeds.iterdir() if not path.name.startswith("."))

    @classmethod
    def frames(cls, feed: str) -> list[Frame]:
        """The frames of a feed."""
        path = cls.feeds / feed
        return list(read_frames(cls.plugin, cls.service_class, [path], cls.hints))

    @classmethod
    def parser(cls) -> Parser:
        """A parser that has seen nothing yet."""
        ungiven = dict.fromkeys(cls.plugin.options.__struct_fields__)
        return cls.plugin.parser(read_options_without_feed(cls.plugin.options, ungiven))

    @classmethod
    def follow(cls, frames: list[Frame], parser: Parser | None = None) -> Followed:
        """What comes of frames."""
        return Followed(cls.plugin, cls.service_class, parser or cls.parser()).read(frames)

    def test_a_feed_is_told_as_reviewed(self, feed: str, request: pytest.FixtureRequest) -> None:
        """The golden file is what a person read and found right."""
        path = self.golden / f"{Path(feed).stem}.txt"
        update = bool(request.config.getoption("--golden-update"))
        compare(self.follow(self.frames(feed)), path, update=update)

    def test_every_golden_file_has_its_feed(self) -> None:
        """A golden file that nothing is compared with says nothing."""
        stems = [Path(name).stem for name in self.names()]
        assert stems, f"no feeds in {self.feeds}"
        assert sorted(path.stem for path in self.golden.iterdir()) == sorted(stems)

    def test_a_feed_is_told_the_same_twice(self, feed: str) -> None:
        """Equal frames give equal lines, to the byte."""
        frames = self.frames(feed)
        assert golden_text(self.follow(frames)) == golden_text(self.follow(frames))

    def test_what_a_parser_says_needs_no_refusing(self, feed: str) -> None:
        """All values are of the universal format, and no exception needs catching."""
        watched = Watched(self.parser())
        followed = self.follow(self.frames(feed), watched)
        assert not watched.faults
        assert not {"value", "picture"} & followed.skipped.keys(), followed.told
        assert followed.logs, "no session: a parser yields SessionSeen"

    def test_what_a_feed_shows_was_declared(self, feed: str) -> None:
        """Columns and fields are those of the description, and those of the plugin."""
        for log in self.follow(self.frames(feed)).logs:
            shown: set[str] = set()
            for event in log.events:
                if isinstance(event.payload, Described):
                    assert set(event.payload.columns) <= set(self.plugin.columns)
                    assert set(event.payload.track) <= set(self.plugin.track)
                    shown |= {column.id for column in event.payload.columns}
                elif isinstance(event.payload, Changed):
                    cells = {column for car in event.payload.cars.values() for column in car}
                    assert cells <= shown, f"cells of no column: {sorted(cells - shown)}"

    def test_frames_that_come_twice_do_no_harm(self, feed: str) -> None:
        """A provider repeats itself, after each connect above all: the end is the same."""
        frames = self.frames(feed)
        assert _ends(self.follow(self.repeated(frames))) == _ends(self.follow(frames))

    @classmethod
    def repeated(cls, frames: list[Frame]) -> list[Frame]:
        """Frames as a provider repeats them: each twice, where the protocol does not forbid it."""
        return [each for frame in frames for each in (frame, frame)]

    def test_looking_again_shows_the_same(self, feed: str) -> None:
        """Nothing changes by being looked at."""
        parser = self.parser()
        for frame in self.frames(feed):
            with suppress(BadFrame):
                list(parser.receive(frame))
            before = msgspec.json.encode(parser.picture())
            assert msgspec.json.encode(parser.picture()) == before

    def test_the_parser_touches_nothing_outside(self) -> None:
        """No file, no socket, no process: what it knows, it knows from frames."""
        feeds = [self.frames(name) for name in self.names()]
        for frames in feeds:
            self.follow(frames)
        with watch_outside() as done:
            for frames in feeds:
                self.follow(frames)
        assert not done

    def test_the_parser_knows_no_clock(self) -> None:
        """Its time is that of its frames, so that a replay is what was live."""
        assert not clocks_in(type(self.parser()).__module__)

    def test_damaged_frames_break_nothing(self, request: pytest.FixtureRequest) -> None:
        """Whatever arrives is read or refused, in bounded time and memory."""
        self.damage(int(request.config.getoption("--mutations")))

    @classmethod
    def damage(cls, inputs: int, seed: int = _SEED) -> None:
        """Give the parser so many damaged frames among whole ones.

        Args:
            inputs: how many.
            seed: decides which.
        Raises: `AssertionError`, naming the seed of the part that broke it.
        """
        feeds = [frames for name in cls.names() if (frames := cls.frames(name))]
        done = 0
        while done < inputs:
            seed += 1
            done += cls._damage_once(seed, feeds)

    @classmethod
    def _damage_once(cls, seed: int, feeds: list[list[Frame]]) -> int:
        chance = Random(seed)  # noqa: S311 - to be repeated, not to be secret
        sent = list(damaged_feed(chance, chance.choice(feeds)))
        watched = Watched(cls.parser())
        followed = cls.follow([frame for frame, _ in sent], watched)
        assert not watched.faults, f"seed {seed}: {watched.faults[0]}"
        refused = next((what for what in followed.told if what.startswith("picture")), None)
        assert not followed.skipped["picture"], f"seed {seed}: a picture was refused: {refused}"
        return sum(damaged for _, damaged in sent)

    def test_the_plugin_says_what_it_is(self) -> None:
        """Title, columns, and options with a sentence each."""
        plugin = self.plugin
        assert plugin.title
        assert plugin.columns
        settable = set(plugin.options.__struct_fields__) - variables(plugin.options).keys()
        assert plugin.schedulable <= settable, "no option, or one that only a variable sets"
        for field in msgspec.structs.fields(plugin.options):
            info = msgspec.inspect.type_info(field.type)
            schema = getattr(info, "extra_json_schema", None) or {}
            assert schema.get("description"), f"option {field.name} has no description"

    def test_a_readme_says_what_it_is_verified_against(self) -> None:
        """So that nobody takes for proven what was only read."""
        package = Path(inspect.getfile(type(self.parser()))).parent
        found = [folder / "README.md" for folder in (package, package.parent)]
        readme = next((path for path in found if path.exists()), None)
        assert readme is not None, f"no README.md in {package}"
        assert "verified against" in readme.read_text(encoding="utf-8").lower()


def _ends(followed: Followed) -> list[tuple[object, ...]]:
    """The end of each session, and the facts that were told; clocks are left out."""
    return [_end(log) for log in followed.logs]


def _end(log: MemoryLog) -> tuple[object, ...]:
    payloads = [event.payload for event in log.events]
    return (
        log.state.cars,
        log.state.order,
        {field: value for field, value in log.state.session.items() if field not in _CLOCKS},
        [payload for payload in payloads if isinstance(payload, Passed)],
        sorted(repr(payload) for payload in payloads if isinstance(payload, Posted)),
    )
