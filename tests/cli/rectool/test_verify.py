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


def test_several_logs_are_a_line_each_and_the_worst_one_decides(rectool, growing, recording):
    torn = recording.with_name("torn.jsonl.zst")
    torn.write_bytes(recording.read_bytes()[:-30])
    damaged = recording.with_name("damaged.jsonl.zst")
    data = bytearray(recording.read_bytes())
    data[-1000] ^= 1
    damaged.write_bytes(data)
    nowhere = recording.with_name("nowhere.jsonl.zst")
    for logs, exit_code, statuses in (
        ([growing, recording], 0, ["whole", "whole"]),
        ([torn, recording], 3, ["torn", "whole"]),
        ([damaged, torn, growing], 1, ["damaged", "torn", "whole"]),
        ([torn, nowhere, growing], 1, ["torn", "whole"]),
    ):
        result = rectool("verify", *logs, "--json")
        assert result.exit_code == exit_code
        found = [json.loads(line)["status"] for line in result.stdout.splitlines()]
        assert found == statuses
        assert result.stderr.count("there is no log here") == logs.count(nowhere)
        words = rectool("verify", *logs).stdout
        assert [
            line.split(": ")[1].split(",")[0] for line in words.splitlines() if line[0] == "/"
        ] == statuses
