"""The words of motorsport timing are those of the log format."""

from livetiming.events import values
from livetiming.racing import (
    STANDARD_COLUMNS,
    CarState,
    ColumnType,
    Flag,
    Kind,
    Mark,
    SessionField,
    columns,
)


def test_the_words_on_disk_are_these_and_no_others():
    assert " ".join(CarState) == "run out pit fuel stop ret fin ns dq"
    assert " ".join(Flag) == (
        "none green white chequered yellow fcy code_60 vsc sc caution red slow_zone code_60_zone"
    )
    assert " ".join(Mark) == "pb sb old invalid"
    assert " ".join(Kind) == "practice qualifying warmup race test other"
    assert " ".join(ColumnType) == "text number time gap speed class state"
    assert " ".join(SessionField) == (
        "flag elapsed remaining laps laps_remaining laps_total part zones"
    )


def test_the_standard_columns_have_their_documented_types():
    types: dict[str, list[str]] = {}
    for column in STANDARD_COLUMNS.values():
        types.setdefault(column.type, []).append(column.id)
    sectors = [f"{prefix}{n}" for prefix in ("s", "bs") for n in range(1, 10)]
    assert types == {
        "text": ["num", "team", "driver", "car", "tyre"],
        "state": ["state"],
        "class": ["class"],
        "number": ["pic", "tyre_age", "tyre_stint", "laps", "pits", "p2p", "grid"],
        "gap": ["gap", "int", "class_gap", "class_int"],
        "time": ["last", "best", *sectors],
        "speed": ["speed", "best_speed"],
    }


def test_a_standard_column_is_found_by_its_own_id_and_has_a_title():
    for id_, column in STANDARD_COLUMNS.items():
        assert id_ == column.id == values.name(id_)
        assert values.text(column.title) == column.title
        assert values.text(column.description) == column.description


def test_columns_come_in_the_order_asked_for():
    assert [column.id for column in columns("laps", "num")] == ["laps", "num"]


def test_no_session_field_is_a_name_that_a_log_refuses():
    assert [values.name(field) for field in SessionField] == list(SessionField)
