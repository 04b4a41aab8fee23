"""Python and TypeScript make the same aggregates of the same base tables, at any moment."""

import json
from pathlib import Path

import msgspec
import pytest

from livetiming.projections.analysis.aggregates import AGGREGATES
from livetiming.projections.analysis.base import Base
from livetiming.projections.analysis.table import Table, columns_of_row
from livetiming.projections.analysis_ts import typescript
from tests.events import node
from tests.projections import make_moments
from tests.projections.make_moments import FOLDER, ROWS

ROOT = Path(__file__).parents[2]
FILES = sorted(path.name for path in FOLDER.glob("*.jsonl"))
SINGLE = sorted(path.name for path in FOLDER.glob("*.json"))
BUILD = ROOT / "build" / "vectors" / "analysis"
TESTS = "src/analysis/vectors.test.ts"


def vectors(file):
    return [json.loads(line) for line in (FOLDER / file).read_text("utf-8").split("\n")[:-1]]


def read_again(name, told):
    """A base table as a reader of the document makes it."""
    fields = [field.name for field in msgspec.structs.fields(ROWS[name])]
    columns = columns_of_row(ROWS[name])
    assert told["columns"] == [*columns, "known_at", "withdrawn_at"]
    table = Table(name, ROWS[name])
    for *cells, known_at, withdrawn_at in told["rows"]:
        row = dict(zip(fields, cells, strict=True))
        number = table.add(msgspec.convert(row, ROWS[name]), known_at)
        if withdrawn_at is not None:
            table.withdraw(number, withdrawn_at)
    return table


def test_the_committed_vectors_of_moments_are_what_python_makes_now():
    made = make_moments.vectors()
    there = {file: (FOLDER / file).read_text("utf-8") for file in FILES}
    assert there.keys() == made.keys()
    assert [name for name in made if made[name] != there[name]] == [], (
        "run python -m tests.projections.make_moments, and look at what changed"
    )


def test_the_committed_vectors_of_moments_stay_small():
    assert sum((FOLDER / file).stat().st_size for file in FILES) < 600_000


@pytest.mark.parametrize("file", FILES)
def test_a_stored_analysis_has_at_each_moment_what_was_told_live(file):
    for vector in vectors(file):
        tables = vector["document"]["tables"]
        base = Base(**{name: read_again(name, told) for name, told in tables.items()})
        for moment in vector["moments"]:
            at, expected = moment["at"], moment["expected"]
            holding = base.holding(at)
            for name, aggregate in AGGREGATES.items():
                rows = [list(msgspec.structs.astuple(row)) for row in aggregate.rows(holding, at)]
                assert rows == expected[name], (vector["name"], name, at)


def test_the_vectors_show_what_they_are_for():
    rows = dict.fromkeys(AGGREGATES, 0)
    withdrawn = set()
    for file in FILES:
        for vector in vectors(file):
            for moment in vector["moments"]:
                for name, found in moment["expected"].items():
                    rows[name] += len(found)
            for update in (update for _, update in vector["updates"]):
                withdrawn |= {n for n, found in update.items() for _, row in found if row[-1]}
    assert min(rows.values()) > 10
    assert withdrawn >= {"entries", "laps", "stops", "flags", "positions", "states", "lengths"}


def test_no_vector_of_an_aggregate_goes_without_its_run_in_typescript():
    statuses = node.vitest(TESTS)
    expected = [f"aggregates of {file}" for file in (*FILES, *SINGLE)]
    expected += [f"updates of {file}" for file in FILES]
    assert [name for name in expected if statuses.get(name) != "passed"] == []
    assert set(statuses.values()) == {"passed"}


@pytest.mark.reliability
@pytest.mark.timeout(600)
def test_ten_thousand_random_analyses_have_the_same_aggregates_in_python_and_typescript():
    BUILD.mkdir(parents=True, exist_ok=True)
    for path in BUILD.glob("*.json*"):
        path.unlink()
    expected = []
    for seed in range(20):
        path = BUILD / f"tables-{seed}.jsonl"
        made = make_moments.random_vectors(seed, 500, rows=20)
        path.write_text("".join(f"{line}\n" for line in made), encoding="utf-8", newline="\n")
        expected.append(f"aggregates of {path.name}")
    statuses = node.vitest(TESTS, vectors=BUILD)
    assert [name for name in expected if statuses.get(name) != "passed"] == []


def test_the_browser_has_the_rows_that_this_package_has():
    copy = ROOT / "web" / "src" / "analysis" / "rows.ts"
    assert copy.read_text("utf-8") == typescript(), (
        "make it anew: python -m livetiming.projections.analysis_ts > web/src/analysis/rows.ts"
    )
