import json

import pytest

from tests import six_lines

KEYS = ["status", "form", "session", "events", "frames", "chain", "problem"]


def verified(rectool, path, exit_code):
    result = rectool("verify", path, "--json")
    assert (result.exit_code, result.stderr) == (exit_code, "")
    found = json.loads(result.stdout)
    assert list(found) == KEYS
    return found


def test_a_whole_log_is_exit_0(rectool, growing):
    assert list(verified(rectool, growing, 0).values()) == [
        "whole", "growing", six_lines.SESSION, 6, 1, six_lines.CHAINS[5], None,
    ]  # fmt: skip


def test_a_torn_log_is_exit_3(rectool, growing):
    growing.write_bytes(six_lines.TAIL[:-3])
    found = verified(rectool, growing, 3)
    assert (found["status"], found["events"]) == ("torn", 6)
    assert list(found["problem"]) == ["offset", "frame", "seq", "what"]


def test_a_damaged_log_is_exit_1(rectool, recording):
    data = bytearray(recording.read_bytes())
    data[-1000] ^= 1
    recording.write_bytes(data)
    found = verified(rectool, recording, 1)
    assert found["status"] == "damaged"
    assert found["problem"]["what"]


@pytest.mark.parametrize("cut", [0, 30])
def test_people_get_words_and_the_same_exit_code(rectool, growing, cut):
    growing.write_bytes(six_lines.TAIL[: len(six_lines.TAIL) - cut])
    result = rectool("verify", growing)
    assert result.exit_code == (3 if cut else 0)
    assert result.stdout.startswith(f"{growing}: {'torn' if cut else 'whole'}, events to ")
