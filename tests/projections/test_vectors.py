"""The aggregates answer as the vectors say, which those in TypeScript do too."""

import json
from typing import get_args, get_type_hints

import msgspec
import pytest

from livetiming.projections.analysis.aggregates import AGGREGATES
from livetiming.projections.analysis.base import Base, Holding
from tests.projections.make_vectors import FOLDER, text, vectors

VECTORS = sorted(path.stem for path in FOLDER.glob("*.json"))


def held(base):
    """The rows that hold, as a reader of the document makes them: no fold at hand."""
    hints = get_type_hints(Base)
    found = {}
    for name in Base._fields:
        (row,) = get_args(hints[name])
        fields = [field.encode_name for field in msgspec.structs.fields(row)]
        rows = [cells for cells in base[name]["rows"] if cells[-1] is None]
        made = [dict(zip(fields, cells, strict=False)) for cells in rows]
        found[name] = msgspec.convert(made, list[row])
    return Holding(**found)


@pytest.mark.parametrize("name", VECTORS)
def test_aggregates_are_made_of_the_base_rows_alone(name):
    vector = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    base = held(vector["base"])
    for table, aggregate in AGGREGATES.items():
        rows = [list(msgspec.structs.astuple(row)) for row in aggregate.rows(base, vector["at"])]
        assert rows == vector["expected"][table]["rows"], table


def test_the_vectors_are_those_that_would_be_made_now():
    made = {name: text(each) for name, each in vectors().items()}
    stored = {name: (FOLDER / f"{name}.json").read_text(encoding="utf-8") for name in VECTORS}
    assert stored == made


def test_every_aggregate_has_rows_in_some_vector():
    seen = set()
    for name in VECTORS:
        vector = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        seen |= {table for table, each in vector["expected"].items() if each["rows"]}
    assert seen == AGGREGATES.keys()
