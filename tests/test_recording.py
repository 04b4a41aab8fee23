"""The Python API for recordings."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import livetiming
from livetiming.errors import BadArgument, MissingExtra, NoLog
from livetiming.events.log import RealDisk, Seq, open_reader
from tests.cli import race
from tests.cli.rectool.conftest import growing_race, made_once, recording

__all__ = ["growing_race", "made_once", "recording"]

DOCUMENTATION = Path(__file__).parents[1] / "docs" / "analysis.md"


def test_the_example_of_the_documentation_runs(recording, monkeypatch, capsys):
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(recording.parent)
    exec(compile(example, str(DOCUMENTATION), "exec"), {})
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "WEC",
        f"{race.START + 100_000} green",
        *(f"{lap} {100_123_000 + (lap - 1) * 7_000} Sébastien BUEMI" for lap in range(2, 8)),
        "001 2",
    ]


def test_importing_the_package_loads_nothing_of_it():
    code = (
        "import sys, livetiming\n"
        "heavy = [name for name in sys.modules if name.startswith('livetiming.')]\n"
        "heavy += [name for name in ('msgspec', 'zstandard', 'click') if name in sys.modules]\n"
        "assert 'open_recording' in livetiming.__all__\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_using_it_loads_no_command_line_network_or_reactor():
    code = (
        "import sys, livetiming; livetiming.open_recording\n"
        "heavy = {'click', 'rich', 'twisted', 'pyarrow'} & sys.modules.keys()\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_the_package_does_not_have_is_an_attribute_error():
    with pytest.raises(AttributeError, match="open_log"):
        livetiming.open_log  # noqa: B018


def test_it_says_what_the_session_is(recording):
    with livetiming.open_recording(recording) as opened:
        assert opened.session == race.SESSION
        assert opened.described.description == "6 Hours of Testing"


def test_the_states_are_those_after_each_event(recording):
    with livetiming.open_recording(str(recording)) as opened:
        found = [(each.seq, each.at, each.state.session.get("laps")) for each in opened.states()]
        assert [seq for seq, _, _ in found] == list(range(1, 619))
        for seq, at, laps in found[::60]:
            moment = opened.at(at)
            assert moment.seq >= seq
            assert found[moment.seq - 1][1] == at
            assert found[moment.seq - 1][2] == moment.state.session.get("laps")
            assert laps is None or laps <= moment.state.session["laps"]


@pytest.mark.parametrize(
    "time",
    [
        race.START + 250_000,
        "+250",
        f"@{race.START // 1000 + 250}",
        datetime.fromtimestamp(race.START // 1000 + 250, UTC),
    ],
)
def test_a_moment_is_given_in_any_way(recording, time):
    with livetiming.open_recording(recording) as opened:
        assert opened.at(time).at == race.START + 250_000


@pytest.mark.parametrize("time", ["soon", datetime(2026, 6, 14), 1.5, None])  # noqa: DTZ001
def test_what_is_no_time_is_refused(recording, time):
    with (
        livetiming.open_recording(recording) as opened,
        pytest.raises(BadArgument, match="no time"),
    ):
        opened.at(time)


def test_rows_are_typed_and_as_of_a_moment(recording):
    with livetiming.open_recording(recording) as opened:
        assert {type(lap.time_us) for lap in opened.table("laps")} == {int}
        assert len(opened.table("laps")) == 62 * 6
        before = opened.table("laps", as_of="+250")
        assert 0 < len(before) < 62 * 6
        assert all(lap.at <= race.START + 250_000 for lap in before)


def test_every_table_can_be_had(recording):
    with livetiming.open_recording(recording) as opened:
        assert opened.tables[-1] == "events"
        for name in opened.tables:
            assert isinstance(opened.table(name), list)
        with pytest.raises(BadArgument, match="'lap' is no table; there are entries, laps"):
            opened.table("lap")


def test_the_lines_can_be_had_up_to_a_moment(recording):
    with livetiming.open_recording(recording) as opened:
        lines = opened.table("events", as_of="seq:17")
    with open_reader(RealDisk(), recording) as reader:
        expected = [line.decode() for line, _ in reader.events()][:17]
        assert reader.at(Seq(17)).at == lines[-1].at
    assert [row.line for row in lines] == expected


def test_a_growing_log_is_opened_by_any_of_its_names(growing_race):
    for name in (growing_race, growing_race.with_suffix(""), f"{growing_race}.zst"):
        with livetiming.open_recording(name) as opened:
            assert opened.at("seq:618").seq == 618


def test_a_recording_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NoLog):
        livetiming.open_recording(tmp_path / "none.jsonl.zst")


def test_a_closed_recording_reads_no_more(recording):
    opened = livetiming.open_recording(recording)
    for _ in range(2):
        opened.close()
        with pytest.raises(BadArgument, match="is closed; open it again"):
            opened.at("seq:5")


def test_arrow_has_the_rows_or_says_what_to_install(recording):
    with livetiming.open_recording(recording) as opened:
        try:
            found = opened.to_arrow("laps", as_of="+250")
        except MissingExtra as error:
            pytest.skip(str(error))
        assert found.num_rows == len(opened.table("laps", as_of="+250"))
