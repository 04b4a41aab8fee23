"""The analysis of a log: whole, up to a moment, and whatever the log is called."""

import json

import pytest

from livetiming.analyses import analyse
from livetiming.events import Closed, CloseReason
from livetiming.events.log import Instant, Seq
from livetiming.projections.analysis import TABLES, VERSION, columns_of
from tests.analyses.logs import OTHER, grow, reading, taken_back, with_feed_events
from tests.cli import race


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return grow(tmp_path_factory.mktemp("log"), taken_back())


def analysed(path, moment=None):
    with reading(path) as reader:
        return analyse(reader, moment)


def tables_of(document):
    return json.dumps(json.loads(document)["tables"])


def test_the_document_says_of_what_it_is_and_has_every_table(log):
    document = json.loads(analysed(log).document())
    assert list(document) == ["analysis", "source", "tables"]
    assert document["analysis"] == VERSION
    with reading(log) as reader:
        last = reader.last()
    assert document["source"] == {
        "session": race.SESSION,
        "seq": last.seq,
        "chain": last.chain.hex(),
        "at": last.at,
    }
    assert list(document["tables"]) == list(TABLES)
    for name, table in document["tables"].items():
        assert table["columns"] == list(columns_of(name))
        assert all(len(row) == len(table["columns"]) for row in table["rows"])


def test_folding_twice_gives_the_same_bytes(log):
    assert analysed(log).document() == analysed(log).document()


def test_a_lap_that_was_taken_back_stays_in_the_document_and_says_when(log):
    table = json.loads(analysed(log).document())["tables"]["laps"]
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    (row,) = [row for row in rows if (row["car"], row["lap"]) == ("1", 4)]
    assert row["known_at"] < row["withdrawn_at"]
    assert ("1", 4) not in {(lap.car, lap.lap) for lap in analysed(log).analysis.typed("laps")}


def test_nothing_outside_the_source_tells_how_a_log_is_numbered_or_called(log, tmp_path):
    other = grow(tmp_path / "other", with_feed_events(taken_back()), OTHER)
    one, two = analysed(log), analysed(other)
    assert one.source.seq < two.source.seq
    assert (one.source.session, one.source.chain) != (two.source.session, two.source.chain)
    assert tables_of(one.document()) == tables_of(two.document())
    for each in (one, two):
        text = tables_of(each.document())
        assert each.source.session not in text
        assert each.source.chain not in text


@pytest.mark.parametrize("after_ms", [0, 1, 60_000, 150_500, 402_000, 10**9])
def test_a_moment_is_what_the_whole_log_says_of_it(log, after_ms):
    at = race.START + after_ms
    until, whole = analysed(log, Instant(at)), analysed(log)
    at = min(at, whole.source.at)
    assert until.source.at == at
    assert until.analysis.tables(at) == whole.analysis.tables(at)


def test_a_moment_between_two_events_is_that_instant_and_the_event_before_it(log):
    with reading(log) as reader:
        before = reader.at(Seq(100))
    found = analysed(log, Instant(before.at + 1))
    assert found.source.at == before.at + 1
    assert (found.source.seq, found.source.chain) == (100, before.chain.hex())


@pytest.mark.parametrize("seq", [0, 1, 2, 250, 10**6])
def test_a_number_is_the_log_up_to_there(log, seq):
    found, whole = analysed(log, Seq(seq)), analysed(log)
    assert found.source.seq == min(seq, whole.source.seq)
    with reading(log) as reader:
        assert found.source.chain == reader.at(Seq(seq)).chain.hex()


def test_before_the_first_event_nothing_has_happened(log):
    found = analysed(log, Instant(1))
    assert (found.source.seq, found.described) == (0, None)
    assert all(not each.rows for each in found.analysis.tables().values())


def test_an_open_and_a_closed_log_differ_in_their_last_flag_only(tmp_path):
    what = list(race.happenings(cars=9, laps=3))
    closed = grow(tmp_path / "closed", what)
    end, payload = what.pop()
    assert payload == Closed(CloseReason.FINISHED)
    growing = grow(tmp_path / "growing", what)
    one, two = (analysed(path, Instant(end)).analysis for path in (closed, growing))
    assert one.typed("flags")[-1].to_at == end
    assert two.typed("flags")[-1].to_at is None
    assert one.typed("laps") == two.typed("laps")
