"""Tables for Arrow and Parquet: run where the extra `export` is installed."""

import io

import pytest

from livetiming.analyses.arrow import to_arrow, write_parquet
from livetiming.analyses.tables import ALL_TABLES, EXPORTED, TypedTable, read_tables
from tests.analyses.logs import grow, reading, taken_back

pyarrow = pytest.importorskip("pyarrow", reason="the extra `export` is not installed")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    with reading(grow(tmp_path_factory.mktemp("log"), taken_back())) as reader:
        return {t.name: TypedTable(t.name, list(t.rows)) for t in read_tables(reader, EXPORTED)}


@pytest.mark.parametrize("name", EXPORTED)
def test_an_arrow_table_has_the_rows_by_column(tables, name):
    table = tables[name]
    found = to_arrow(table)
    assert tuple(found.column_names) == table.columns
    rows = [tuple(row.values()) for row in found.to_pylist()]
    assert rows == list(table.tuples())


@pytest.mark.parametrize("name", ALL_TABLES)
def test_a_table_without_rows_has_its_columns_and_their_types(name):
    found = to_arrow(TypedTable(name, ()))
    assert found.num_rows == 0
    for field in found.schema:
        is_number = field.name.endswith(("_us", "_at", "_lap", "_laps")) and field.name not in (
            "in_lap",
            "out_lap",
        )
        assert not is_number or field.type == pyarrow.int64(), field


@pytest.mark.parametrize("name", EXPORTED)
def test_parquet_reads_as_what_was_written(tables, name):
    from pyarrow import parquet

    file = io.BytesIO()
    write_parquet(tables[name], file)
    assert parquet.read_table(io.BytesIO(file.getvalue())).equals(to_arrow(tables[name]))
