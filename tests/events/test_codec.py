"""Lines: what is written, what is read, and what later versions may add."""

import msgspec
import pytest

from livetiming.errors import BadLine
from livetiming.events import (
    Changed,
    Closed,
    CloseReason,
    Event,
    Feed,
    FeedStatus,
    Origin,
    Passed,
    Payload,
    Posted,
    State,
    Unknown,
    apply,
    decode,
    encode,
    state_hash,
)
from livetiming.events.codec import MAX_LINE, strict_json
from livetiming.events.model import MAX_INTEGER, tag_of
from tests.events.checks import AT

CLOSED = Closed(CloseReason.MOVED)


def line(rest):
    return ('{"seq":1,"at":2,"type":' + rest + "}").encode()


def test_the_tags_on_disk_are_these_and_no_others():
    tags = {str(kind.__struct_config__.tag) for kind in Payload.__args__}
    assert tags == {"described", "changed", "passed", "posted", "feed", "closed"}


def test_an_event_knows_its_name_on_disk():
    assert tag_of(CLOSED) == "closed"
    assert tag_of(Unknown("weather", b"")) == "weather"


@pytest.mark.parametrize("source_at", [None, 0, 5, -5, MAX_INTEGER, -MAX_INTEGER])
@pytest.mark.parametrize(
    "payload",
    [CLOSED, Changed(session={"air": 1}), Passed("type", "finish"), Feed(FeedStatus.LIVE)],
)
def test_source_at_stands_behind_the_type(payload, source_at):
    event = Event(MAX_INTEGER, MAX_INTEGER, payload, source_at)
    written = encode(event)
    head = f'{{"seq":{MAX_INTEGER},"at":{MAX_INTEGER},"type":"{tag_of(payload)}"'
    assert written.decode().startswith(
        head if source_at is None else f'{head},"source_at":{source_at},'
    )
    assert decode(written) == event


def test_source_at_is_found_wherever_a_foreign_writer_put_it():
    assert decode(line('"closed","reason":"moved","source_at":5')).source_at == 5
    assert decode(line('"weather","rain":1,"source_at":5')).source_at == 5


@pytest.mark.parametrize("source_at", ['"soon"', "1.5", "null", "[1]"])
def test_what_a_later_type_calls_source_at_is_not_ours_to_judge(source_at):
    assert decode(line(f'"weather","source_at":{source_at}')).source_at is None


def test_an_unknown_type_is_kept_as_it_is_and_folds_to_nothing():
    text = line('"weather" , "rain":true,"cars":{"7":{}}')
    event = decode(text)
    assert event == Event(1, 2, Unknown("weather", text))
    assert encode(event) == text
    assert apply(State(), event) == State()


def test_unknown_fields_are_ignored_at_every_level():
    plain = line(
        '"changed","cars":{"7":{}},"order":[0,["7"]],"session":{"elapsed":{"value_us":1,"at":2,"runs":true}}'
    )
    later = line(
        '"changed","why":[null],"cars":{"7":{}},"order":[0,["7"]],"session":{"elapsed":{"value_us":1,"at":2,"runs":true,"drift":{"a":0.5}}}'
    )
    assert decode(later) == decode(plain)
    assert state_hash(apply(State(), decode(later))) == state_hash(apply(State(), decode(plain)))


def test_a_style_that_no_one_foresaw_is_read():
    text = line('"posted","category":"c","text":"t","style":"loud","origin":"derived"')
    said = Posted(category="c", text="t", style="loud", origin=Origin.DERIVED)
    assert decode(text).payload == said


@pytest.mark.parametrize(
    ("rest", "field"),
    [
        ('"closed"', "reason"),
        ('"closed","reason":"bored"', "reason"),
        ('"closed","reason":"moved","next":null', "next"),
        ('"closed","reason":"moved","next":"x"', "session id"),
        ('"passed","line":"finish"', "car"),
        ('"passed","car":"1","line":"Finish"', "name"),
        ('"passed","car":"1","line":"finish","lap":1.5', "lap"),
        ('"passed","car":"1","line":"finish","lap_us":9007199254740992', "lap_us"),
        ('"passed","car":"","line":"finish"', "car id"),
        ('"posted","category":"c","text":"t"', "origin"),
        ('"posted","category":"c","text":"t","origin":"us"', "origin"),
        ('"feed","status":"fine"', "status"),
        ('"feed","status":"resumed","previous":[1]', "previous"),
        ('"feed","status":"resumed","previous":[1,9007199254740992]', "previous"),
        ('"changed","cars":[]', "cars"),
        ('"changed","cars":{}', "cars"),
        ('"changed","cars":{"7":{"best":[1]}}', "cars"),
        ('"changed","cars":{"7":{"speed":1.23456}}', "speed"),
        ('"changed","session":{"air":21.0}', "air"),
        ('"changed","session":{"elapsed":{"value_us":1,"at":2}}', "runs"),
        ('"changed","order":[-1,["7"]]', "order"),
        ('"changed","order":[0,[]]', "order"),
        ('"changed"', "changed"),
        ('"described"', "session"),
        ('"closed","reason":"moved","source_at":1.5', "source_at"),
    ],
)
def test_a_known_type_of_a_wrong_shape_is_refused_by_its_field(rest, field):
    with pytest.raises(BadLine, match=field):
        decode(line(rest))


def test_a_refusal_shows_the_beginning_of_the_line_and_no_more():
    with pytest.raises(BadLine) as refusal:
        decode(line('"closed","reason":"' + "x" * 60_000 + '"'))
    assert '{"seq":1,"at":2' in str(refusal.value)
    assert len(str(refusal.value)) < 300


def test_a_line_has_at_most_64_kib():
    fits = line('"weather","a":"' + "x" * (MAX_LINE - 44) + '"')
    fits = fits.replace(b'x"', b"x" * (MAX_LINE - len(fits)) + b'x"')
    assert len(fits) == MAX_LINE == 65_536
    assert decode(fits).payload == Unknown("weather", fits)
    with pytest.raises(BadLine, match="65536"):
        decode(fits.replace(b'x"', b'xx"'))


@pytest.mark.parametrize("levels", [8, 9])
def test_a_line_has_at_most_eight_levels(levels):
    text = line('"weather","a":' + "[" * (levels - 1) + "]" * (levels - 1))
    if levels == 8:
        decode(text)
    else:
        with pytest.raises(BadLine, match="levels"):
            decode(text)


@pytest.mark.parametrize(
    "text", [b"", b"\x00", b"\xff", b"null", b'{"seq"', b"\n", bytes(range(256))]
)
def test_bytes_that_are_no_line_are_refused(text):
    with pytest.raises(BadLine):
        decode(text)


def test_a_line_cut_anywhere_is_refused():
    text = encode(Event(12, AT, Changed({"7": {"x": ("ü", "pb")}}, ("8",), (0, ("7",))), 3))
    for end in range(len(text)):
        with pytest.raises(BadLine):
            decode(text[:end])


def test_every_flipped_bit_gives_an_event_or_a_refusal():
    text = encode(Event(12, AT, Changed({"7": {"x": ("ü", "pb"), "gap": 1.5}}, ("8",)), 3))
    for place in range(len(text) * 8):
        flipped = bytearray(text)
        flipped[place // 8] ^= 1 << place % 8
        try:
            event = decode(bytes(flipped))
        except BadLine:
            continue
        assert decode(encode(event)) == event


def test_json_of_others_is_read_strictly():
    assert strict_json(b'{"a":[1,-2,0.5,"x",null,true]}') == {"a": [1, -2, 0.5, "x", None, True]}
    for text in (b'{"a":1,"a":1}', b"[1.0]", b"[1e3]", b"[-0]", b"[NaN]", b"[" * 9 + b"]" * 9):
        with pytest.raises(BadLine):
            strict_json(text)


def test_an_event_cannot_be_changed():
    with pytest.raises(AttributeError):
        CLOSED.reason = CloseReason.ENDED
    with pytest.raises(AttributeError):
        Event(1, 2, CLOSED).seq = 2


def test_payloads_are_written_in_the_order_of_the_schema():
    whole = Changed({"7": {}}, ("8",), (0, ("7",)), {"air": None})
    assert list(msgspec.json.decode(encode(Event(1, 2, whole, 3)))) == [
        *("seq", "at", "type", "source_at", "cars", "removed", "order", "session"),
    ]
