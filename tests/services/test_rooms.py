"""What all providers share: ids of cars, what is strange, documents."""

import pytest

from livetiming.events import MAX_CARS
from livetiming.services import BadFrame, CarIds, Strange, read_json


def test_cars_with_one_key_have_ids_of_their_own_that_last():
    ids = CarIds()
    assert [ids.of("7", "Eva"), ids.of("7", "Ada"), ids.of("7", "Mia")] == ["7", "7~2", "7~3"]
    assert [ids.of("7", "Mia"), ids.of("7", "Eva"), ids.of("007")] == ["7~3", "7", "007"]


@pytest.mark.parametrize("first", ["7~2", "7"])
def test_a_key_that_looks_like_the_second_of_another_is_not_it(first):
    ids = CarIds()
    cars = [("7", "a"), ("7", "b"), ("7~2", "c")]
    cars.sort(key=lambda car: car[0] != first)
    assert len({ids.of(*car) for car in cars}) == 3


def test_keys_that_are_one_text_once_cleaned_are_two_cars():
    ids = CarIds()
    assert ids.of("7 ") == "7"
    assert ids.of("7") == "7~2"


@pytest.mark.parametrize("key", ["", " ", "x" * 33, "__proto__"])
def test_a_key_that_can_be_none_is_a_bad_frame(key):
    with pytest.raises(BadFrame):
        CarIds().of(key)


def test_a_second_car_with_a_key_as_long_as_can_be_is_a_bad_frame():
    ids = CarIds()
    assert ids.of("x" * 32) == "x" * 32
    with pytest.raises(BadFrame):
        ids.of("x" * 32, "other")


def test_there_is_an_end_to_cars():
    ids = CarIds()
    for number in range(MAX_CARS):
        ids.of(str(number))
    with pytest.raises(BadFrame, match="too many cars"):
        ids.of("one more")
    assert ids.of("7") == "7"


def test_what_is_strange_is_told_once_and_one_thing_at_a_time():
    strange = Strange()
    for _ in range(2):
        strange.meet("topic", "A")
        strange.meet("topic", "B")
    told = []
    for _ in range(3):
        try:
            strange.tell()
        except BadFrame as error:
            told.append(str(error))
    assert told == ["unknown topic: 'A'", "unknown topic: 'B'"]


def test_a_feed_of_nothing_but_strange_things_is_told_in_part():
    strange, told = Strange(), 0
    for number in range(1_000):
        strange.meet("topic", str(number))
        try:
            strange.tell()
        except BadFrame:
            told += 1
    assert told == 100


@pytest.mark.parametrize(
    "data",
    ["", "{", "[" * 100_000, "NaN", "1e999", b"\xff", '"\\ud800"', "x" * (8 * 1024 * 1024 + 1)],
    ids=lambda data: str(data[:8]),
)
def test_a_document_that_is_none_is_a_bad_frame(data):
    with pytest.raises(BadFrame):
        read_json(data)


@pytest.mark.parametrize("data", ['\ufeff{"a":1}', b'\xef\xbb\xbf{"a":1}', '{"a":1}'])
def test_a_document_may_begin_with_a_byte_order_mark(data):
    assert read_json(data) == {"a": 1}
