"""Another side that is damaged or means ill: nothing is believed, and nothing here is harmed."""

from random import Random

import pytest

from livetiming.events import Changed, Event, encode
from livetiming.events.codec import MAX_LINE
from livetiming.events.log import RealDisk, verify
from livetiming.events.log.verify import Status
from livetiming.events.model import MAX_INTEGER
from livetiming.network.names import PUBLIC_DIRECTORY, events_topic
from livetiming.network.wire import Answer, Beacon, Lines, Listing, write_answer, write_listing
from tests.network.made_log import AT, MadeLog
from tests.services.on_air import Listener
from tests.services.relay.stage import IDS, entry, two_systems
from tests.services.stage import Stage, laps, seen


@pytest.fixture
def systems(tmp_path):
    return two_systems(tmp_path)


def errors(said):
    return [text for level, text in said if level in ("error", "critical")]


def relayed(systems, count=20):
    far, near = systems
    log = far.add(MadeLog(AT, IDS[0]).write_laps(count))
    near.serves(log)
    return log


class LocalService:
    """A service of our own with a session, and whoever hears what is published of it."""

    def __init__(self, near, session, folder):
        self.listener = Listener(near.router)
        self.listener.listen(session)
        folder.mkdir(exist_ok=True)
        self.stage = Stage(folder, router=near.router, session=session)
        self.stage.start()
        self.stage.frame(seen(), laps(1))
        near.wait(12)

    def check(self):
        """See that it is there as before, and that nobody else spoke in its session."""
        assert self.stage.code is None
        writers = {each.writer for each in self.listener.heard}
        assert writers == {self.listener.beacons[0].writer}
        return next(iter(writers))


def test_a_session_of_our_own_is_never_taken_over_by_a_newer_writer(systems, tmp_path, said):
    far, near = systems
    session = IDS[7]
    local = LocalService(near, session, tmp_path / "local")
    forged = far.add(MadeLog(AT + 10**9, session).write_laps(50))
    near.wait(200)
    writer = local.check()
    assert writer < forged.writer
    assert near.listed()[session].writer == writer
    assert near.relay.sessions == []
    assert far.asked == []
    assert errors(said) == []


def test_nor_while_its_service_is_restarted_and_only_the_dvr_has_it(systems, tmp_path):
    far, near = systems
    session = IDS[7]
    local = LocalService(near, session, tmp_path / "local")
    local.stage.service.restart()
    near.wait(60)
    assert session not in near.listed()
    far.add(MadeLog(AT + 10**9, session).write_laps(50))
    near.wait(200)
    assert near.relay.sessions == []
    assert far.asked == []


def test_nor_where_only_its_log_is_left(tmp_path):
    far, near = two_systems(tmp_path, dvr=False)
    session = IDS[7]
    near.relay.stop()
    local = LocalService(near, session, near.state_dir)
    local.stage.service.restart()
    before = near.lines(session)
    assert before
    near.wait(60)
    near.start()
    far.add(MadeLog(AT + 10**9, session).write_laps(50))
    near.wait(200)
    assert near.lines(session) == before
    assert far.asked == []


def test_a_session_that_one_of_ours_takes_up_is_left_to_it_at_once(systems, tmp_path, said):
    far, near = systems
    log = relayed(systems)
    local = LocalService(near, log.session, tmp_path / "local")
    assert near.relay.sessions == []
    local.listener.heard.clear()
    far.laps(log, 3)
    near.wait(200)
    assert local.listener.beacons
    local.check()
    assert near.relay.sessions == []
    assert near.lines(log.session) == log.lines[1:-3]
    assert [text for text in (text for _, text in said) if "left: " in text]


def test_nor_is_one_disturbed_that_one_of_ours_took_up_meanwhile(systems, tmp_path):
    far, near = systems
    log = relayed(systems)
    near.relay.stop()
    near.wait(60)
    local = LocalService(near, log.session, tmp_path / "local")
    far.go_on(log.resumed(AT + 10**9).write_laps(5))
    near.start()
    near.wait(200)
    local.check()
    assert len(near.remote.subscriptions) == 1  # its list


def test_lines_behind_another_chain_are_never_taken(systems, said):
    far, near = systems
    log = MadeLog(AT, IDS[0]).write_laps(20)
    far.add(log)
    far.answer = lambda *_: write_answer(
        Answer(AT, log.next_seq, 3, b"\1" * 8, tuple(log.lines[3:6]))
    )
    far.connection.registrations[:] = far.connection.registrations[:1]
    far.add(log)
    for _ in range(30):
        far.publish(log.session, Lines(AT, 1, b"\2" * 8, tuple(log.lines[1:4])))
        near.wait()
    assert near.lines(log.session) == []
    assert log.session not in near.listed()
    near.until(lambda: near.relay.sessions == [])
    assert errors(said) == []


def test_another_history_is_told_once_and_ours_stays(systems, said):
    far, near = systems
    log = relayed(systems)
    other = log.resumed(AT + 5000, seq=8).write_laps(40)
    far.go_on(other)
    far.say(other, 9)
    near.until(lambda: near.relay.sessions == [])
    far.say(other, 9)
    near.wait(300)
    assert near.lines(log.session) == log.lines[1:]
    assert verify(RealDisk(), near.state_dir / log.session).status is Status.WHOLE
    assert near.relay.sessions == []
    assert errors(said) == [
        f"session {log.session}: not relayed any more: "
        f"the other side has another history (writer {AT + 5000}, event 21); ours stays"
    ]


def test_an_older_copy_there_that_goes_on_as_before_does_no_harm(systems, said):
    far, near = systems
    log = relayed(systems)
    older = MadeLog(AT, IDS[0]).write_laps(10)
    far.go_on(older)
    near.wait(60)
    assert near.has(log)
    far.go_on(log)
    far.laps(log, 5)
    near.serves(log)
    assert errors(said) == []


def test_a_twin_that_is_heard_for_a_while_is_left_out(systems, said):
    far, near = systems
    log = relayed(systems)
    twin = log.resumed(AT + 10, seq=15).write_laps(10)
    for _ in range(20):
        far.say(twin, 16)
        far.publish(log.session, twin.beacon(far.now))
        far.laps(log, 1)
        near.wait()
    near.serves(log)
    assert errors(said) == []


def test_a_line_that_does_not_follow_ends_the_relaying_and_not_the_log(systems, said):
    far, near = systems
    log = relayed(systems)
    before = log.lines[1:]
    backwards = MadeLog(AT, IDS[0]).write_laps(21).lines[-1].replace(b"1781445600000", b"1", 1)
    far.publish(log.session, Lines(AT, log.next_seq, log.chains[-1], (backwards,)))
    near.until(lambda: near.relay.sessions == [])
    near.wait(60)
    assert near.lines(log.session) == before
    (error,) = errors(said)
    assert "event 22 does not follow" in error


def test_a_session_whose_state_would_fit_into_no_log_is_let_go_of(systems, said):
    far, near = systems
    log = relayed(systems)
    for number in range(400):
        cells = {f"{number:03}{n}": {"num": "x" * 60, "laps": n} for n in range(25)}
        order = (25 * number + 1, tuple(cells))
        line = encode(Event(log.next_seq, AT, Changed(cells, (), order)))
        log._folded.step(line)
        log._append(line)
        far.say(log, log.next_seq - 1)
        near.wait(0.2)
        if near.relay.sessions == []:
            break
    near.wait(60)
    assert near.relay.sessions == []
    (error,) = errors(said)
    assert "does not follow: state: " in error
    assert verify(RealDisk(), near.state_dir / log.session).status is Status.WHOLE


JUNK = [
    (),
    (None,),
    (1, 2),
    (AT, -1, "00" * 8, ""),
    (AT, 5, "zz", "x\n"),
    (AT, 5, "00" * 8, "no line\n"),
    (AT, 5, "00" * 8, '{"seq":5}\n' * 600),
    (AT, 5, "00" * 8, "x" * (MAX_LINE + 5) + "\n"),
    (AT, 5, "00" * 8, "x" * 3_000_000),
    (AT, 5, "00" * 8, "[" * 60_000 + "\n"),
    (AT, 2**53 + 5, "00" * 8, "", 1, 1),
    (True, True, "00" * 8, "", 1, 1),
    ({"a": 1}, "x"),
]


def test_junk_on_a_sessions_topic_is_dropped_counted_and_told_once(systems, said):
    far, near = systems
    log = relayed(systems)
    for junk in JUNK:
        far.connection.publish(events_topic(log.session), *junk)
        near.wait(0.2)
    assert near.relay.dropped == len(JUNK)
    far.laps(log, 3)
    near.serves(log)
    assert len([text for level, text in said if level == "warn" and "dropped" in text]) == 1
    assert errors(said) == []


@pytest.mark.parametrize(
    "answer",
    [
        None,
        7,
        "",
        "{}",
        "x" * 3_000_000,
        "[" * 100_000,
        '{"writer":1,"next_seq":2,"from_seq":1,"chain":"0000000000000000","lines":"no line\\n"}',
        '{"writer":1,"next_seq":9007199254740992,"from_seq":9007199254740992,'
        '"chain":"0000000000000000","lines":""}',
    ],
)
def test_junk_for_an_answer_is_dropped_and_asked_for_again_later_and_later(systems, said, answer):
    far, near = systems
    log = relayed(systems)
    good = far.answer
    asked = []

    def bad(session, *args):
        asked.append(far.clock.seconds())
        return answer

    far.connection.registrations[:] = []
    far.answer = bad
    far.add(log)
    log.write_laps(5)
    near.wait(60)
    assert 3 <= len(asked) <= 70
    far.connection.registrations[:] = []
    far.answer = good
    far.add(log)
    near.serves(log)
    assert errors(said) == []


def test_a_beacon_from_the_end_of_time_is_forgotten_after_an_answer(systems, said):
    far, near = systems
    log = relayed(systems)
    far.asked.clear()
    forged = Beacon(AT, MAX_INTEGER, b"\7" * 8, MAX_INTEGER, MAX_INTEGER)
    far.publish(log.session, forged)
    near.wait(30)
    assert 1 <= len(far.asked) <= 3
    assert near.relay.sessions == [log.session]
    assert abs(near.listener.snapshot(log.session).now - far.now) < 200
    assert errors(said) == []


def many(count, start=0):
    """A list of so many sessions, as small as can be."""
    log = MadeLog(AT, IDS[0])
    entries = [entry(log, session=f"{n:032x}", name="", description="") for n in range(count)]
    return write_listing(Listing(at=AT, sessions=tuple(entries[start:])))


def test_ten_thousand_sessions_are_too_many_to_be_read(systems, said):
    far, near = systems
    log = relayed(systems)
    far.connection.publish(PUBLIC_DIRECTORY, many(10_000))
    near.wait(3)
    assert near.relay.sessions == [log.session]
    assert near.relay.dropped == 1
    far.laps(log, 2)
    near.serves(log)


def test_of_a_thousand_sessions_only_so_many_are_tried_as_are_wanted(tmp_path, said):
    far, near = two_systems(tmp_path, most=5)
    far.tell = lambda: None
    text = many(1000)
    calls = []
    for _ in range(60):
        far.connection.publish(PUBLIC_DIRECTORY, text)
        near.wait(1)
        calls.append(len(near.relay.sessions))
    assert max(calls) == 5
    topics = {each.topic for each in near.remote.subscriptions}
    assert len(topics) <= 1 + 5
    assert len(near.router.calls) < 400
    assert list(near.state_dir.glob("*.jsonl")) == []
    assert errors(said) == []


def test_entries_whose_ids_are_none_are_passed_over(systems):
    far, near = systems
    log = MadeLog(AT, IDS[0])
    bad = [entry(log, session=name) for name in ("../../etc/passwd", "", "A" * 32, "0" * 33)]
    far.list = lambda: write_listing(Listing(at=AT, sessions=(*bad, entry(log))))
    far.connection.registrations[:] = []
    far.add(log)
    near.serves(log)
    assert near.relay.sessions == [log.session]
    assert near.relay.dropped >= 4


@pytest.mark.parametrize("junk", [(), (None,), (7,), ("",), ("[" * 100_000,), ("{}",), ("a", "b")])
def test_junk_for_a_list_is_dropped(systems, junk):
    far, near = systems
    log = relayed(systems)
    far.connection.publish(PUBLIC_DIRECTORY, *junk)
    near.wait(3)
    assert near.relay.dropped == 1
    far.laps(log, 2)
    near.serves(log)


@pytest.mark.parametrize("seed", range(3))
def test_spliced_messages_never_change_what_is_here(tmp_path, seed, said):
    far, near = two_systems(tmp_path)
    rng = Random(seed)
    log = relayed((far, near))
    other = log.resumed(AT + 9, seq=12).write_laps(30)
    for _ in range(150):
        source = rng.choice((log, other))
        first = rng.randrange(1, source.next_seq)
        lines = list(source.lines[first : first + rng.randrange(1, 5)])
        if rng.random() < 0.3:
            rng.shuffle(lines)
        if rng.random() < 0.3:
            line = bytearray(lines[0])
            line[rng.randrange(len(line))] ^= 1 << rng.randrange(7)
            lines[0] = bytes(line)
        chain = rng.choice((log.chains, other.chains))[min(first, 12) - 1]
        args = (
            source.writer,
            first,
            chain.hex(),
            "".join(line.decode(errors="replace") + "\n" for line in lines),
        )
        far.connection.publish(events_topic(log.session), *args)
        near.wait(0.05)
    assert near.lines(log.session) == log.lines[1:]
    far.laps(log, 5)
    near.serves(log)
