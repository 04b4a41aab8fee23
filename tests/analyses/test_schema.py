"""The published schema is that of the documents we write."""

import json
from pathlib import Path

import msgspec
import pytest

from livetiming.analyses import analyse
from livetiming.analyses.schema import document_type, schema
from livetiming.projections.analysis import TABLES, columns_of
from tests.analyses.logs import grow, reading, taken_back

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "docs" / "analysis.schema.json"


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    with reading(grow(tmp_path_factory.mktemp("log"), taken_back())) as reader:
        return analyse(reader).document()


def test_the_published_schema_is_the_one_that_the_rows_make():
    assert PUBLISHED.read_bytes() == schema(), (
        "write it again: python -m livetiming.analyses.schema > docs/analysis.schema.json"
    )


def test_a_document_is_of_that_type_to_the_byte(document):
    read = msgspec.json.decode(document, type=document_type())
    assert msgspec.json.encode(read) == document


def test_a_document_fits_the_schema_by_a_validator_of_others(document):
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_bytes()))
    told = json.loads(document)
    assert list(validator.iter_errors(told)) == []
    told["tables"]["laps"]["rows"][0][4] = "one"
    assert list(validator.iter_errors(told))


def test_the_documentation_has_every_table_with_its_columns_in_their_order():
    text = (ROOT / "docs" / "analysis.md").read_text("utf-8")
    for name in TABLES:
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `{name}` |")]
        cells = row.split("|")[3].replace("`", "").split()
        assert cells == list(columns_of(name))
