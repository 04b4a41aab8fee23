"""The bench: what it writes and how it ends; its figures are no tests."""

import json

import pytest

from bench.__main__ import TOPICS
from bench.figures import at_least, at_most, between, row, told
from bench.rmonitor_feed import endurance_race
from bench.running import run


def _topic(*figures):
    return {"some": lambda room: iter(figures)}


def test_figures_are_written_as_json_with_their_limits(tmp_path):
    figures = told("append_us", 12.345678, "µs"), between("cars", 60, "cars", 60, 61)
    assert run(_topic(*figures), [], tmp_path) == 0
    assert json.loads((tmp_path / "bench.json").read_text(encoding="utf-8")) == [
        {"name": "append_us", "value": 12.3457, "unit": "µs", "limit": None, "ok": True},
        {"name": "cars", "value": 60, "unit": "cars", "limit": [60, 61], "ok": True},
    ]


@pytest.mark.parametrize(
    "figure",
    [at_most("a", 2, "ms", 1), at_least("b", 0.5, "ms", 1), between("c", 3, "ms", 1, 2)],
)
def test_a_missed_limit_is_told_and_ends_in_an_error(figure, tmp_path, capsys):
    assert run(_topic(figure), ["some"], tmp_path) == 1
    [written] = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert written["ok"] is False
    assert "MISSED" in capsys.readouterr().out


def test_a_limit_that_is_just_reached_is_met():
    assert at_most("a", 1, "ms", 1).ok
    assert at_least("a", 1, "ms", 1).ok
    assert "ok" in row(at_most("a", 1, "ms", 1))


def test_an_unknown_topic_is_a_wrong_use(tmp_path, capsys):
    assert run(TOPICS, ["nothing"], tmp_path) == 2
    assert "seek" in capsys.readouterr().out
    assert not (tmp_path / "bench.json").exists()


def test_nothing_is_left_of_what_was_measured_with(tmp_path):
    def topic(room):
        (room.folder / "log").write_text("x", encoding="utf-8")
        return iter(())

    assert run({"some": topic}, [], tmp_path) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["bench.json"]


def test_the_invented_race_is_the_same_each_time():
    first = list(endurance_race())
    assert first == list(endurance_race())
    assert len(first) > 40_000
