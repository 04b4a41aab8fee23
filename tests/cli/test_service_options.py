"""Each option of `livetiming-service`, by what it does to the log."""

import json
import time

import pytest

from livetiming.events import CloseReason
from livetiming.events.log import Form, RealDisk, Status, open_reader, verify
from tests.cli.programs import Service, run, wait_for
from tests.services.stage import events, kinds, last

FAST = ("demo", "--cars", 4, "--lap-s", 20, "--duration-s", 36_000, "--pace", 60)
"""Ten minutes long."""
ID = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"


def recorded(folder, *options, count=6):
    """Let a service record a little and stop it."""
    with Service(folder, *FAST, *options) as service:
        service.has(count)
        assert service.stopped() == 0, service.said
    return service


def described(service):
    return service.state().described


def test_without_options_the_feed_describes_the_session(tmp_path):
    service = recorded(tmp_path)
    found = described(service)
    assert found.class_ == "demo"
    assert found.description.startswith("10 Hours")
    assert (found.hidden, found.do_not_record, found.analysis, found.rate) == (
        False,
        False,
        True,
        1,
    )
    assert service.notes == []


@pytest.mark.parametrize("option", ["-d", "--description"])
def test_a_description_of_the_operator_wins(tmp_path, option):
    assert described(recorded(tmp_path, option, "Warm-up, wet")).description == "Warm-up, wet"


@pytest.mark.parametrize("option", ["-H", "--hidden"])
def test_hidden_is_told_in_the_description(tmp_path, option):
    assert described(recorded(tmp_path, option)).hidden


def test_disable_analysis_is_told_in_the_description(tmp_path):
    assert not described(recorded(tmp_path, "--disable-analysis")).analysis


@pytest.mark.parametrize("option", ["-m", "--masquerade"])
def test_masquerade_tells_another_class(tmp_path, option):
    assert described(recorded(tmp_path, option, "wec")).class_ == "wec"


def test_uuid_is_the_id_of_the_session(tmp_path):
    service = recorded(tmp_path, "--uuid", ID)
    assert service.sessions() == [ID]
    assert described(service).session == ID


def test_a_uuid_that_was_used_is_refused_in_one_line(tmp_path):
    before = recorded(tmp_path, "--uuid", ID).events()
    again = run("livetiming-service", *FAST, "--uuid", ID, cwd=tmp_path)
    assert again.returncode == 1
    assert len(again.stderr.splitlines()) == 1
    assert "go on in it with -s" in again.stderr
    assert events(tmp_path / "livetiming-data" / "state" / ID) == before


@pytest.mark.parametrize("option", ["-N", "--do-not-record"])
def test_do_not_record_leaves_no_log_behind(tmp_path, option):
    with Service(tmp_path, *FAST, option) as service:
        service.has(6)
        assert described(service).do_not_record
        assert service.stopped() == 0
    assert list(service.state_dir.iterdir()) == []


@pytest.mark.parametrize("option", ["-r", "--recording-filename"])
def test_a_recording_is_sealed_at_the_end(tmp_path, option):
    service = recorded(tmp_path, option, "x.jsonl.zst")
    path = tmp_path / "x.jsonl.zst"
    verdict = verify(RealDisk(), path)
    assert (verdict.status, verdict.form) == (Status.WHOLE, Form.SEALED)
    assert events(path) == service.events()
    assert kinds(events(path))[-1] == "closed stopped"


def test_a_recording_is_sealed_even_where_nothing_else_is_kept(tmp_path):
    with Service(tmp_path, *FAST, "-N", "-r", "x.jsonl.zst") as service:
        service.has(6)
        assert service.stopped() == 0
    assert list(service.state_dir.iterdir()) == []
    assert verify(RealDisk(), tmp_path / "x.jsonl.zst").status is Status.WHOLE


def captured(folder, *seeds):
    """Captures of short races, each of a session of its own."""
    paths = []
    for seed in seeds:
        with Service(folder, *FAST, "--seed", seed, "--capture", f"{seed}.txt", "-N") as service:
            wait_for(lambda n=seed: _lines(folder / f"{n}.txt") > 3, "three frames")
            assert service.stopped() == 0
        paths.append(folder / f"{seed}.txt")
    return paths


def _lines(path):
    return path.read_bytes().count(b"\n") if path.exists() else 0


def test_a_capture_has_the_frames_and_when_they_arrived(tmp_path):
    (path,) = captured(tmp_path, 1)
    head, *frames = map(json.loads, path.read_text().splitlines())
    assert head.keys() == {"capture", "class", "started_at"}
    assert (head["capture"], head["class"]) == (1, "demo")
    assert all(channel == "" and json.loads(text)["kind"] for _, channel, text in frames)
    ats = [at for at, _, _ in frames]
    assert ats == sorted(ats)
    assert ats[0] >= head["started_at"]


def test_a_file_that_exists_is_no_place_for_a_capture(tmp_path):
    (tmp_path / "x.txt").write_text("precious")
    again = run("livetiming-service", *FAST, "--capture", "x.txt", cwd=tmp_path)
    assert again.returncode == 1
    assert again.stderr == "livetiming-service: x.txt: cannot be made: File exists\n"
    assert (tmp_path / "x.txt").read_text() == "precious"


@pytest.mark.parametrize("more", [("-s", "none.jsonl"), ("-s", "x.jsonl"), ("--from", "x.jsonl")])
def test_a_start_that_failed_leaves_no_capture_in_the_way(tmp_path, more):
    (tmp_path / "x.jsonl").write_text("hello\n")
    for _ in range(2):
        again = run("livetiming-service", *FAST, "--capture", "x.txt", *more, cwd=tmp_path)
        assert again.returncode == 1
        assert more[1] in again.stderr
    assert not (tmp_path / "x.txt").exists()


def test_a_capture_is_followed_in_place_of_the_feed_to_its_end(tmp_path):
    (path,) = captured(tmp_path, 1)
    with Service(tmp_path, "demo", "--from", path, "--speed", 3) as service:
        assert service.ended() == 0
    assert kinds(service.events())[-1] == "closed ended"
    assert described(service).rate == 3
    frames = path.read_text().splitlines()[1:]
    spans = [json.loads(frame)[0] for frame in (frames[0], frames[-1])]
    found = service.events()
    assert abs((found[-1].at - found[0].at) - (spans[1] - spans[0])) < 1000


def test_each_session_of_several_captures_is_sealed_under_a_name_of_its_own(tmp_path):
    paths = captured(tmp_path, 1, 2, 3)
    chosen = [word for path in paths for word in ("--from", path)]
    with Service(tmp_path, "demo", *chosen, "--speed", 50, "-r", "x.jsonl.zst") as service:
        assert service.ended() == 0
    names = ["x.jsonl.zst", "x.2.jsonl.zst", "x.3.jsonl.zst"]
    states = [last(tmp_path / name).state for name in names]
    assert [state.described.key.partition("-")[0] for state in states] == ["1", "2", "3"]
    reasons = [state.closed.reason for state in states]
    assert reasons == [CloseReason.MOVED, CloseReason.MOVED, CloseReason.ENDED]
    assert [state.closed.next for state in states] == [
        states[1].described.session,
        states[2].described.session,
        None,
    ]
    assert service.sessions() == [state.described.session for state in states]


def test_verbose_says_what_happens(tmp_path):
    service = recorded(tmp_path, "-v")
    words = [line.split(" ", 2)[1:] for line in service.said.splitlines()]
    session = service.sessions()[0]
    assert ["info:", f"session {session}: begins"] in words
    assert ["info:", "feed live"] in words
    assert ["info:", f"session {session}: closed"] in words


def test_debug_says_everything(tmp_path):
    service = recorded(tmp_path, "--debug")
    assert "feed live" in service.said
    assert len(service.said.splitlines()) >= 3


def test_log_files_are_written_where_they_are_wanted(tmp_path):
    with Service(tmp_path, *FAST, LIVETIMING_LOG_DIR="logs") as service:
        service.has(6)
        assert service.stopped() == 0
    entries = [json.loads(line) for line in (tmp_path / "logs/demo.log").read_text().splitlines()]
    assert {"at", "level", "logger", "message"} == entries[0].keys()
    assert "feed live" in [entry["message"] for entry in entries]
    assert service.notes == []


# -s


def _race(folder, *options, start_at, more=6):
    """Follow the race that began at an instant for some events, and stop."""
    with Service(folder, *FAST, "--start-at", start_at, *options) as service:
        before = _total(service)
        wait_for(lambda: _total(service) >= before + more, f"{more} more events")
        assert service.stopped() == 0, service.said
    return service


def _total(service):
    return sum(map(service.seq, service.sessions()))


@pytest.fixture
def start_at():
    return int(time.time()) - 2


@pytest.mark.parametrize("ending", ["", ".jsonl", ".jsonl.zst", ".lock"])
def test_a_log_in_the_state_folder_is_gone_on_in(tmp_path, start_at, ending):
    first = _race(tmp_path, start_at=start_at)
    session = first.sessions()[0]
    before = first.events()
    given = f"livetiming-data/state/{session}{ending}"
    second = _race(tmp_path, "-s", given, start_at=start_at)
    assert second.sessions() == [session]
    after = second.events()
    assert after[: len(before)] == before
    assert kinds(before)[-1] == "closed stopped"
    assert kinds(after)[len(before)] == "feed resumed"
    assert kinds(after).count("described") == 1
    assert verify(RealDisk(), second.path()).status is Status.WHOLE


def test_a_growing_log_from_elsewhere_is_copied_and_gone_on_in(tmp_path, start_at):
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir(), here.mkdir()
    first = _race(there, start_at=start_at)
    files = {path: path.read_bytes() for path in first.state_dir.iterdir()}
    second = _race(
        here, "-s", first.path().with_suffix(".jsonl"), start_at=start_at, more=first.seq() + 6
    )
    assert {path: path.read_bytes() for path in first.state_dir.iterdir()} == files
    assert second.sessions() == first.sessions()
    assert second.events()[: len(first.events())] == first.events()


def test_a_sealed_log_is_copied_and_gone_on_in(tmp_path, start_at):
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir(), here.mkdir()
    first = _race(there, "-r", "x.jsonl.zst", start_at=start_at)
    sealed = (there / "x.jsonl.zst").read_bytes()
    second = _race(here, "-s", there / "x.jsonl.zst", start_at=start_at, more=first.seq() + 6)
    assert (there / "x.jsonl.zst").read_bytes() == sealed
    assert second.sessions() == first.sessions()
    assert second.events()[: len(first.events())] == first.events()
    assert verify(RealDisk(), second.path()).status is Status.WHOLE


def test_a_longer_log_in_the_state_folder_is_never_replaced(tmp_path, start_at):
    _race(tmp_path, "-r", "x.jsonl.zst", start_at=start_at)
    second = _race(tmp_path, "-s", "x.jsonl.zst", start_at=start_at)
    before = second.events()
    again = run("livetiming-service", *FAST, "-s", "x.jsonl.zst", cwd=tmp_path)
    assert again.returncode == 1
    assert len(again.stderr.splitlines()) == 1
    assert "goes on to event" in again.stderr
    assert second.events() == before


def test_another_race_closes_the_given_session_and_begins_its_own(tmp_path, start_at):
    first = _race(tmp_path, start_at=start_at)
    session = first.sessions()[0]
    second = _race(tmp_path, "-s", first.path(), start_at=start_at + 7)
    one, two = second.sessions()
    assert one == session
    assert kinds(second.events(one))[-3:] == ["feed resumed", "feed live", "closed moved"]
    assert second.state(one).closed.next == two
    assert kinds(second.events(two))[0] == "described"
    assert second.state(one).cars == first.state(one).cars


def test_a_log_that_is_none_is_refused_in_one_line(tmp_path):
    (tmp_path / "x.jsonl").write_text("hello\n")
    for name in ("x.jsonl", "none.jsonl"):
        again = run("livetiming-service", *FAST, "-s", name, cwd=tmp_path)
        assert again.returncode == 1
        assert len(again.stderr.splitlines()) == 1
        assert name in again.stderr


def test_a_log_of_another_class_is_refused_in_one_line(tmp_path, start_at):
    service = _race(tmp_path, "-m", "wec", start_at=start_at)
    before = service.events()
    for more, told in ((), "demo"), (("-m", "f1"), "f1"):
        again = run("livetiming-service", *FAST, "-s", service.path(), *more, cwd=tmp_path)
        assert again.returncode == 1
        assert again.stderr == (
            f"livetiming-service: {service.path()}: is a log of service class wec, not of {told}\n"
        )
    assert service.events() == before
    assert _race(tmp_path, "-m", "wec", "-s", service.path(), start_at=start_at).notes == []


def test_the_sealed_recording_of_a_session_that_went_on_has_all_of_it(tmp_path, start_at):
    _race(tmp_path, "-r", "x.jsonl.zst", start_at=start_at)
    second = _race(tmp_path, "-s", "x.jsonl.zst", "-r", "x.jsonl.zst", start_at=start_at)
    assert events(tmp_path / "x.jsonl.zst") == second.events()
    assert not (tmp_path / "x.2.jsonl.zst").exists()
    with open_reader(RealDisk(), tmp_path / "x.jsonl.zst") as reader:
        assert reader.form is Form.SEALED
