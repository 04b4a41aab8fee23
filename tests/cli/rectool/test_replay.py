import json

import pytest

from livetiming.cli.rectool.pace import Pace
from livetiming.cli.rectool.replay import play
from livetiming.events.log import RealDisk, open_reader
from tests import six_lines
from tests.cli.rectool.conftest import one_line


def test_lines_come_as_they_are(rectool, growing):
    result = rectool("replay", growing)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes == b"".join(line + b"\n" for line in six_lines.LINES)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (["seq:3"], [3, 4, 5, 6]),
        (["seq:3", "seq:4"], [3, 4]),
        (["+1.25", "+1.25"], [3, 4, 5]),
        (["+0.3"], [3, 4, 5, 6]),
        (["lap:47", "@1781445612"], [4, 5]),
        (["@1", "seq:1"], [1]),
        (["seq:0", "seq:0"], []),
        (["seq:99"], []),
    ],
)
def test_both_ends_are_included(rectool, growing, times, expected):
    result = rectool("replay", growing, *times)
    assert [json.loads(line)["seq"] for line in result.stdout.splitlines()] == expected


def test_states_are_what_show_says(rectool, growing):
    states = rectool("replay", growing, "seq:3", "--states").stdout.splitlines()
    assert states == [
        rectool("show", growing, f"seq:{seq}", "--json").stdout.rstrip("\n") for seq in (3, 4, 5, 6)
    ]


def test_a_part_of_a_recording_comes_out_of_its_middle(rectool, recording):
    result = rectool("replay", recording, "seq:400", "seq:402")
    assert [json.loads(line)["seq"] for line in result.stdout.splitlines()] == [400, 401, 402]


def test_a_wrong_time_is_wrong_usage(rectool, growing):
    result = rectool("replay", growing, "seq:1", "later")
    assert result.exit_code == 2
    assert "'later' is no time" in one_line(result)


class FakeClock:
    def __init__(self):
        self.now, self.slept = 100.0, []

    def sleep(self, seconds):
        self.slept.append(round(seconds, 6))
        self.now += seconds

    def pace(self, speed):
        return Pace(speed, lambda: self.now, self.sleep)


@pytest.mark.parametrize(("speed", "slept"), [(1, [0.25, 1, 11]), (4, [0.0625, 0.25, 2.75])])
def test_lines_are_paced_by_their_instants(growing, capfdbinary, speed, slept):
    clock = FakeClock()
    with open_reader(RealDisk(), growing) as log:
        play(log.after(log.start()), lambda _: True, clock.pace(speed), None)
    assert clock.slept == slept
    assert capfdbinary.readouterr().out.splitlines() == six_lines.LINES


def test_without_a_speed_nothing_is_waited_for():
    clock = FakeClock()
    pace = clock.pace(None)
    for at in (0, 10**12):
        pace.wait_for(at)
    assert not pace.is_paced
    assert clock.slept == []


def test_a_line_that_is_late_is_not_waited_for():
    clock = FakeClock()
    pace = clock.pace(1)
    pace.wait_for(1000)
    clock.now += 5
    pace.wait_for(2000)
    pace.wait_for(7000)
    assert clock.slept == [1]


@pytest.mark.parametrize(
    ("first", "last"), [("seq:5", "seq:4"), ("+2", "+1"), ("seq:6", "+0"), ("+13", "seq:2")]
)
def test_an_end_before_the_beginning_is_wrong_usage(rectool, growing, first, last):
    result = rectool("replay", growing, first, last)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "TO_TIME is before FROM_TIME" in result.stderr
    assert rectool("replay", growing, last, first).exit_code == 0
