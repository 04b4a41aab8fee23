"""Who joins late is shown what those see who were there from the start."""

import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bench.f1_feed import race
from livetiming.services import BadFrame, CaptureHints, Frame
from livetiming.services.f1.captures import read_captures
from livetiming.services.f1.envelopes import read
from livetiming.services.f1.protocol import F1Parser
from tests.services.f1.merged import merge

HERE = Path(__file__).parent
DATA = Path(os.environ.get("LIVETIMING_DATA", HERE.parents[3] / "shared" / "data")) / "f1"
HINTS = CaptureHints(None, ZoneInfo("UTC"))
NAMED = [
    "qualifying_part_begins",
    "race_with_safety_car_and_pit_stop",
    "practice_as_an_archive",
    "message_with_apostrophe_in_python_form.txt",
    "index_map_merges_into_list.txt",
    "lap_time_deleted.txt",
    "lap_time_equal_to_the_one_before.txt",
]


def hear(parser, frame):
    try:
        list(parser.receive(frame))
    except BadFrame as error:
        pytest.fail(str(error))


def shown(parser):
    picture = parser.picture()
    return picture.cars, picture.order, picture.session


def check(frames, every):
    """Compare with a joiner after so many frames, again and again."""
    there, states = F1Parser(), {}
    for number, frame in enumerate(frames, 1):
        hear(there, frame)
        for message in read(frame):
            before = None if message.is_whole else states.get(message.topic)
            states[message.topic] = merge(before, message.content)
        if number % every == 0 and "SessionInfo" in states:
            joiner = F1Parser()
            hear(joiner, Frame(frame.at, "", json.dumps(states)))
            assert shown(joiner) == shown(there), f"after frame {number}"


@pytest.mark.parametrize("name", NAMED)
def test_a_joiner_of_a_fixture_is_shown_the_same(name):
    check(read_captures([HERE / "fixtures" / name], HINTS), every=1)


def test_a_joiner_of_a_race_is_shown_the_same():
    lines = (line for _, line in zip(range(4_000), race(), strict=False))
    check((Frame(at, "", line) for at, line in enumerate(lines)), every=97)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no captures in {DATA}: set LIVETIMING_DATA")
@pytest.mark.parametrize("name", ["silverstone_2024_fp1", "silverstone_2020_fp2_archive"])
def test_a_joiner_of_a_real_session_is_shown_the_same(name):
    check(read_captures([DATA / name], HINTS), every=499)
