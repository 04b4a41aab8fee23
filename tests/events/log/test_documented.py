"""What the log format's page shows is what is written."""

import re
from pathlib import Path

import pytest

from livetiming.events.log import frames, growing, index, lines, seal, writer
from livetiming.events.model import MAX_MESSAGES, Payload
from livetiming.events.state import State, as_json
from livetiming.events.values import MAX_CARS, MAX_COLUMNS
from tests import six_lines
from tests.events.log.test_sealed import INDEX, SEEK_TABLE

PAGE = (Path(__file__).parents[3] / "docs" / "log-format.md").read_text()


def test_the_page_shows_the_log_of_six_lines():
    assert f"```\n{six_lines.TAIL.decode()}```" in PAGE
    rows = re.findall(r"^\| (\d) \| (\d+) \| `(\w{16})` \| `(\w{32})` \|$", PAGE, re.MULTILINE)
    assert [int(row[1]) for row in rows] == six_lines.SIZES
    assert [row[2] for row in rows] == six_lines.CHAINS
    assert [row[3] for row in rows] == six_lines.HASHES


def test_the_page_shows_the_index_and_the_seek_table():
    assert f"```\n{INDEX.decode()}\n```" in PAGE
    assert SEEK_TABLE.hex(" ") in PAGE.replace("\n", " ")
    assert (len(INDEX) + 4).to_bytes(4, "little").hex(" ") in PAGE


def test_the_page_shows_the_first_state():
    assert as_json(State()).decode() in PAGE


def test_the_page_tells_of_each_event():
    tags = {str(kind.__struct_config__.tag) for kind in Payload.__args__}
    assert {*re.findall(r"^\| `(\w+)` \| ", PAGE.split("## State")[0], re.MULTILINE)} >= tags
    for kind in Payload.__args__:
        row = re.search(rf"^\| `{kind.__struct_config__.tag}` \| .*$", PAGE, re.MULTILINE)
        for field in kind.__struct_encode_fields__:
            assert f"`{field}`" in row[0], field


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("JSON of a state in a snapshot line | 524,288 bytes", lines.MAX_STATE == 524_288),
        ("content of a frame | 4 MiB", frames.MAX_CONTENT == 4 * 2**20),
        ("compressed frame | 4 MiB + 64 KiB", frames.MAX_FRAME == 4 * 2**20 + 2**16),
        ("window | 8 MiB", frames.MAX_WINDOW == 8 * 2**20),
        ("100,000 entries", index.MAX_FRAMES == 100_000),
        ("index frame | 16 MiB", index.MAX_INDEX == 16 * 2**20),
        ("tail, as far as it is read | 16 MiB", growing.MAX_TAIL == 16 * 2**20),
        ("cars | 200", MAX_CARS == 200),
        ("columns | 64", MAX_COLUMNS == 64),
        ("the last 100", MAX_MESSAGES == 100),
        ("5 minutes after its first event, or at 256 KiB", writer.ROLL_MS == 300_000),
        ("or at 256 KiB", writer.ROLL_SIZE == 2**18),
        ("comes 15 minutes or more after", seal.MAX_SPAN_MS == 900_000),
        ("would have 1 MiB", seal.MAX_RAW == 2**20),
        ("compressed at level 9 ", frames.GROWING_LEVEL == 9),
        ("compressed at level 19.", frames.SEALED_LEVEL == 19),
        ("18 + 3 + 131,072 bytes", frames.FIRST_BLOCK == 18 + 3 + 131_072),
    ],
)
def test_the_page_has_the_limits_of_the_code(text, value):
    assert text in PAGE
    assert value
