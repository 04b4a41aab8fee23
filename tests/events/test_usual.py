"""The quick reading of usual lines takes only what the slow one takes, and as the same event."""

import random

import pytest

from livetiming.errors import BadLine
from livetiming.events import Event
from livetiming.events.codec import _read_any, decode, decode_all, encode
from livetiming.events.model import Changed, Laps, Origin, Passed, Posted
from livetiming.events.usual import read_usual
from livetiming.racing import Mark
from tests.events.refused import REFUSED

USUAL = (
    Changed({"7": {"int": 731967}, "007": {"speed": 280.6, "gap": Laps(2)}}),
    Changed({"ü": {"best": (106542000, Mark.PB), "last": ("x", Mark.SB), "gap": None}}),
    Changed({"7": {}}, ("8", "9"), (3, ("7", "ü"))),
    Changed(session={"flag": "green", "laps": 12, "air": -0.5, "part": None}),
    Changed(removed=("8",)),
    Passed("7", "finish", 12, 106542000, None, 'Ada "x"]'),
    Passed("7", "pit_in"),
    Posted(category="Pits", text="#7 has left the pits", car="7", origin=Origin.DERIVED),
    Posted(category="Race", text="1:44.810", style="green", origin=Origin.PROVIDER),
)
LINES = [encode(Event(n, 1_781_445_600_000 + n, payload)) for n, payload in enumerate(USUAL, 1)]
LINES += [encode(Event(n, n, payload, -n)) for n, payload in enumerate(USUAL, 10)]
BYTES = b'0123456789.-e,:"[]{}\\ nulpb7\xc3\xbc'


@pytest.fixture(autouse=True)
def _known_ids():
    for line in LINES:
        _read_any(line)


def _slowly(line):
    try:
        return _read_any(line)
    except BadLine:
        return None


def _typed(event):
    cells = [
        (car, column, type(cell), cell)
        for car, row in getattr(event.payload, "cars", {}).items()
        for column, cell in row.items()
    ]
    return event, type(event), type(event.payload), cells


def _assert_same(lines):
    quick = read_usual(lines)
    if quick is not None:
        assert [_typed(event) for event in quick] == [_typed(_read_any(line)) for line in lines]
    return quick is not None


def test_our_own_lines_are_usual():
    assert [_assert_same([line]) for line in LINES].count(False) <= 2
    assert _assert_same([line for line in LINES if b"1:44.810" not in line])


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_not_usual(line):
    assert read_usual([line.encode("utf-8", "surrogatepass")]) is None


def test_mutated_lines_are_read_alike_or_not_at_all():
    dice = random.Random(27)
    usual = 0
    for _ in range(40_000):
        line = bytearray(dice.choice(LINES))
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(line))
            line[at : at + dice.randint(0, 2)] = bytes(dice.choices(BYTES, k=dice.randint(0, 3)))
        mutated = bytes(line)
        if read_usual([mutated]) is not None:
            assert _slowly(mutated) is not None, mutated
            usual += _assert_same([mutated])
    assert usual > 500


def test_two_lines_are_not_read_as_one_nor_one_as_two():
    first, second = LINES[0], LINES[3]
    assert read_usual([first + b"\n" + second]) is None
    assert read_usual([first, first + b"\n" + second, b""]) is None
    assert read_usual([first[:20], first[20:]]) is None
    assert read_usual([b""]) is None


def test_the_fields_of_another_event_are_unknown_fields():
    line = b'{"seq":1,"at":2,"type":"changed","cars":{"7":{"int":1}},"car":"7","line":"finish"}'
    assert _assert_same([line])
    assert read_usual([b'{"seq":1,"at":2,"type":"passed","car":"7"}']) is None
    assert read_usual([b'{"seq":1,"at":2,"type":"posted","text":"x","origin":"provider"}']) is None


def test_many_lines_are_read_as_one_by_one_and_a_bad_one_is_told_in_its_place():
    lines = [line for _ in range(9) for line in LINES]
    assert list(decode_all(lines)) == [(line, decode(line)) for line in lines]
    lines[100] = b"{}"
    read = decode_all(lines)
    for line in lines[:100]:
        assert next(read) == (line, decode(line))
    with pytest.raises(BadLine):
        next(read)
