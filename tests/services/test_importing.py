"""A capture through a parser as fast as it goes: one sealed log for each session."""

import errno

import pytest

from livetiming.errors import BadCapture, LogFailed
from livetiming.events import CloseReason, Posted
from livetiming.events.log import RealDisk, Status, verify
from livetiming.services import BadFrame, Fact, Finished, Frame
from livetiming.services.importing import Importer, capture_digest
from livetiming.services.messages import GENERATORS
from livetiming.services.rmonitor.protocol import RMonitorParser
from livetiming.services.terms import Terms
from tests.services.rmonitor_server import FIXTURES, imported
from tests.services.stage import (
    START_AT,
    ScriptedParser,
    TroubledDisk,
    events,
    kinds,
    last,
    picture,
    seen,
)

CARS = {"7": {"num": "7", "laps": 3}}


def run(folder, *frames, disk=None, every_ms=1000):
    """Import frames, each of them steps of a script."""
    parser = ScriptedParser()
    parser.steps.extend(frames)
    importer = Importer(
        disk or RealDisk(), folder, b"x", parser, Terms(class_="x"), GENERATORS, lambda *_: None
    )
    given = (Frame(START_AT + n * every_ms, "", "x") for n in range(len(frames)))
    return importer.run(given, lambda count: None)


def test_each_session_becomes_a_sealed_log_of_its_own(tmp_path):
    first, second = run(
        tmp_path,
        [seen("1"), picture(CARS)],
        [seen("2"), picture({"8": {}, "9": {}})],
        [BadFrame("x", "y")],
        [picture({"8": {}})],
    )
    assert (first.key, first.cars, first.skipped) == ("1", 1, 0)
    assert (second.key, second.cars, second.skipped) == ("2", 2, 1)
    for each in (first, second):
        assert verify(RealDisk(), tmp_path / f"{each.session}.jsonl.zst").status is Status.WHOLE
        found = events(tmp_path / f"{each.session}.jsonl.zst")
        assert (each.events, each.first_at, each.last_at) == (
            len(found),
            found[0].at,
            found[-1].at,
        )
    closed = last(tmp_path / f"{first.session}.jsonl.zst").state.closed
    assert (closed.reason, closed.next) == (CloseReason.MOVED, None)
    assert last(tmp_path / f"{second.session}.jsonl.zst").state.closed.reason == "ended"


def test_a_session_without_a_car_is_not_kept(tmp_path):
    third = [seen("3"), picture(), Finished()]
    (only,) = run(tmp_path, [seen("1")], [seen("2"), picture(CARS)], third)
    assert only.key == "2"
    assert [path.name for path in tmp_path.iterdir()] == [f"{only.session}.jsonl.zst"]


def test_what_was_skipped_counts_for_the_session_it_was_skipped_in(tmp_path):
    bad = BadFrame("x", "y")
    second, third = [seen("2"), picture(CARS)], [picture(), seen("3")]
    (only,) = run(tmp_path, [bad], [seen("1")], [bad], [bad], second, [bad], third)
    assert (only.key, only.skipped) == ("2", 1)


@pytest.mark.parametrize("at", [-1, 2**53, 10**30, 1.5, None])
def test_a_frame_of_an_instant_that_no_log_can_hold_is_skipped(tmp_path, at):
    parser, reported = ScriptedParser(), []
    parser.steps.extend([[seen(), picture(CARS)], [picture({"7": {"laps": 4}})]])
    importer = Importer(
        *(RealDisk(), tmp_path, b"x", parser, Terms(class_="x"), ()),
        lambda *what: reported.append(what),
    )
    ats = (START_AT, at, at, START_AT + 1000)
    (only,) = importer.run((Frame(each, "", "x") for each in ats), lambda count: None)
    assert (only.last_at, only.skipped) == (START_AT + 1000, 2)
    assert importer.recorder.skipped == {"time": 2}
    assert [kind for kind, _ in reported] == ["time"]
    assert verify(RealDisk(), tmp_path / f"{only.session}.jsonl.zst").status is Status.WHOLE


def test_more_cars_with_long_names_than_a_snapshot_can_hold_still_make_a_whole_log(tmp_path):
    name = "\u6f22" * 250
    lines = ['$B,1,"Race"', f'$C,1,"{name}"']
    for n in range(195):
        lines.append(f'$A,"{n}","{n}{name}",{n},"{name}","{name}","{name}",1')
        lines.append(f'$COMP,"{n}","{n}{name}",1,"{name}","{name}","{name}","{name}"')
        lines.append(f'$G,{n + 1},"{n}",{n % 50},"00:10:00.000"')
    lines += [f'$G,1,"0",{n},"00:20:00.000"' for n in range(60, 90)]
    frames = (
        Frame(START_AT + n * 20_000, "", line.encode() + b"\r\n") for n, line in enumerate(lines)
    )
    importer = Importer(
        *(RealDisk(), tmp_path, b"x", RMonitorParser(), Terms(class_="rmonitor"), GENERATORS),
        lambda *_: None,
    )
    (only,) = importer.run(frames, lambda count: None)
    assert only.skipped > 0
    verdict = verify(RealDisk(), tmp_path / f"{only.session}.jsonl.zst")
    assert (verdict.status, verdict.problem) == (Status.WHOLE, None)
    assert verdict.events == only.events


def test_events_have_the_time_of_their_frames_and_never_go_back(tmp_path):
    (only,) = run(tmp_path, *[[seen(), picture({"7": {"laps": n}})] for n in range(20)])
    ats = [event.at for event in events(tmp_path / f"{only.session}.jsonl.zst")]
    assert ats[1:21] == [START_AT + n * 1000 for n in range(20)]


def test_frames_within_50_ms_are_one_change(tmp_path):
    frames = [[seen(), picture({"7": {"laps": n}})] for n in range(100)]
    (only,) = run(tmp_path, *frames, every_ms=10)
    assert kinds(events(tmp_path / f"{only.session}.jsonl.zst")).count("changed") == 20


def test_importing_twice_gives_the_same_bytes(tmp_path):
    path = FIXTURES / "race_to_the_flag.txt"
    for name in "ab":
        imported(path, tmp_path / name)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in "ab")
    assert one == two
    assert one


def test_the_digest_is_of_the_class_and_all_bytes(tmp_path):
    (tmp_path / "x").write_bytes(b"1")
    (tmp_path / "y").write_bytes(b"2")
    x, y = tmp_path / "x", tmp_path / "y"
    digests = {capture_digest("a", [x]), capture_digest("a", [y]), capture_digest("b", [x])}
    assert len(digests | {capture_digest("a", [x, y])}) == 4
    assert capture_digest("a", [x]) in digests
    with pytest.raises(BadCapture, match="no: cannot be read"):
        capture_digest("a", [tmp_path / "no"])


def test_a_disk_that_refuses_is_an_error_and_nothing_half_written_stays(tmp_path):
    frames = [[seen("1"), picture(CARS)], [seen("2"), picture(CARS)], [picture({"7": {}})]]
    quiet = TroubledDisk()
    run(tmp_path, *frames, disk=quiet)
    for path in tmp_path.iterdir():
        path.unlink()
    for n in range(1, quiet.calls + 1):
        disk = TroubledDisk(errno.ENOSPC)
        disk.fail_at = n
        with pytest.raises(LogFailed):
            run(tmp_path, *frames, disk=disk)
        assert not list(tmp_path.glob("*.part")), f"call {n}"
        for path in tmp_path.iterdir():
            assert path.name.endswith(".jsonl.zst")
            assert verify(RealDisk(), path).status is Status.WHOLE
            path.unlink()


def test_a_capture_that_breaks_off_with_an_error_leaves_nothing_half_written(tmp_path):
    def frames():
        yield Frame(START_AT, "", "x")
        raise BadCapture("x: line 2")

    parser = ScriptedParser()
    parser.steps.append([seen(), picture(CARS)])
    importer = Importer(RealDisk(), tmp_path, b"x", parser, Terms(class_="x"), (), lambda *_: None)
    with pytest.raises(BadCapture):
        importer.run(frames(), lambda count: None)
    assert list(tmp_path.iterdir()) == []


def test_messages_of_one_session_are_not_those_of_the_next(tmp_path):
    said = Fact(Posted(category="x", text="y", origin="provider"), 1)
    both = run(tmp_path, [seen("1"), picture(CARS), said], [seen("2"), picture(CARS), said])
    for each in both:
        assert len(last(tmp_path / f"{each.session}.jsonl.zst").state.messages) == 1
