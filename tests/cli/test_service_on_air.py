"""`livetiming-service` on the air by a real router, as a viewer and a dvr see it."""

import random
import shutil
import signal
import time
from functools import partial

import pytest

from livetiming.events import SessionId, state_hash
from livetiming.events.log.fold import TIMING
from livetiming.events.log.folded import at_snapshot
from livetiming.events.log.lines import link, read_head
from livetiming.network.connection import CallFailed
from livetiming.network.names import (
    ANNOUNCE,
    events_procedure,
    events_topic,
    log_procedure,
    recorded_topic,
    snapshot_procedure,
)
from livetiming.network.wire import (
    Beacon,
    Idle,
    Lines,
    Recorded,
    RecordedStatus,
    Standing,
    read_announcement,
    read_answer,
    read_message,
    read_snapshot,
    write_recorded,
)
from tests.cli.programs import Service, wait_for
from tests.network.running import SECRET, in_reactor, reactor_in_thread, running_router
from tests.services.stage import kinds, last

ID = SessionId("5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b")
DEMO = ("demo", "--cars", 4, "--lap-s", 20, "--duration-s", 36_000, "--pace", 60)
RACE = (*DEMO, "--start-at", int(time.time()))
LOCKED = 75


@pytest.fixture(scope="module")
def router(tmp_path_factory):
    with running_router(tmp_path_factory.mktemp("router")) as running:
        yield running


class Joined:
    """Somebody who joined the router: a viewer, or with the secret one of ours."""

    def __init__(self, router, *, anonymous=True):
        from livetiming.network.wamp import connect

        self.heard = []
        self.announced = []
        self.connection = in_reactor(
            partial(
                connect,
                reactor_in_thread(),
                router.url,
                lambda: SECRET,
                random.Random(1),
                anonymous=anonymous,
            )
        )
        wait_for(lambda: self.connection.joined, "a join")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        in_reactor(self.connection.close)

    def listen(self, session):
        topic = events_topic(session)
        take = lambda *args: self.heard.append(read_message(args))  # noqa: E731
        in_reactor(self.connection.subscribe, topic, take)
        return self

    def hear_announcements(self):
        take = lambda text: self.announced.append(read_announcement(text))  # noqa: E731
        in_reactor(self.connection.subscribe, ANNOUNCE, take)
        return self

    def ask(self, procedure, *args):
        return in_reactor(self.connection.call, procedure, *args)

    def answers(self, procedure, *args):
        try:
            return self.ask(procedure, *args)
        except CallFailed:
            return None

    def all_recorded(self, said):
        recorded = Recorded(said.writer, said.next_seq - 1, said.end, RecordedStatus.OK)
        topic = recorded_topic(said.session)
        in_reactor(self.connection.publish, topic, *write_recorded(recorded))

    def last(self, status, session=ID):
        """The last announcement, when it is of that status."""
        found = [each for each in self.announced if not isinstance(each, Idle)]
        found = [each for each in found if each.session == session]
        return found[-1] if found and found[-1].status is status else None

    @property
    def published(self):
        return [each for each in self.heard if isinstance(each, Lines)]


def on_air(folder, router, *args):
    folder.mkdir(exist_ok=True)
    env = {"LIVETIMING_ROUTER": router.url, "LIVETIMING_SHARED_SECRET": SECRET}
    return Service(folder, *RACE, *args, **env)


def test_a_viewer_sees_a_service_on_the_air(tmp_path, router):
    with Joined(router) as viewer, on_air(tmp_path, router, "--uuid", ID) as service:
        viewer.listen(ID)
        wait_for(lambda: viewer.answers(snapshot_procedure(ID)), "a snapshot")
        wait_for(lambda: len(viewer.published) > 5, "lines")
        wait_for(lambda: any(isinstance(m, Beacon) for m in viewer.heard), "a beacon")
        answer = read_snapshot(viewer.ask(snapshot_procedure(ID)))
        head, state = read_head(answer.snapshot), at_snapshot(answer.snapshot, TIMING).state
        service.has(head.seq + 3)
        lines = read_answer(viewer.ask(events_procedure(ID), 1, 500)).lines
        chain = bytes(8)
        for line in lines[: head.seq]:
            chain = link(chain, line)
        assert chain == head.chain
        assert state.writer == answer.writer
        service.signal(signal.SIGUSR1)
        assert service.ended() == 0
        assert service.notes == []
        wait_for(lambda: viewer.published[-1].lines[-1].startswith(b'{"seq":'), "the end")
        assert b'"lost"' in viewer.published[-1].lines[-1]
        assert viewer.answers(snapshot_procedure(ID)) is None


def test_a_killed_service_goes_on_as_a_new_writer_on_the_same_chain(tmp_path, router):
    with Joined(router) as viewer:
        viewer.listen(ID)
        with on_air(tmp_path, router, "--uuid", ID) as first:
            wait_for(lambda: len(viewer.published) > 3, "lines")
            first.signal(signal.SIGKILL).ended()
        before = read_writer(viewer)
        with on_air(tmp_path, router, "-s", first.path(ID)) as second:
            wait_for(lambda: read_writer(viewer) > before, "a newer writer")
            wait_for(lambda: viewer.answers(snapshot_procedure(ID)), "a snapshot")
            head = read_head(read_snapshot(viewer.ask(snapshot_procedure(ID))).snapshot)
            published = {each.first_seq: each.lines[0] for each in viewer.published}
            second.signal(signal.SIGUSR1)
            assert second.ended() == 0
        kept = {event.seq for event in second.events(ID)}
        assert set(published) <= kept
        assert head.seq in kept
        assert kinds(second.events(ID)).count("feed resumed") == 1


def read_writer(viewer):
    return viewer.heard[-1].writer if viewer.heard else 0


def test_of_two_instances_the_older_is_fenced_and_hands_over(tmp_path, router):
    with Joined(router, anonymous=False) as dvr, on_air(tmp_path / "a", router, "--uuid", ID) as a:
        dvr.hear_announcements()
        a.has(5)
        wait_for(lambda: dvr.last(Standing.LIVE), "an announcement")
        copied = tmp_path / "b" / "livetiming-data" / "state"
        copied.mkdir(parents=True)
        shutil.copy(a.path(ID).with_name(f"{ID}.jsonl"), copied)
        with on_air(tmp_path / "b", router, "-s", copied / ID, "--take-over") as b:
            fenced = wait_for(lambda: dvr.last(Standing.FENCED) or older(dvr), "a fence")
            end = last(a.path(ID)).place
            assert (fenced.next_seq, fenced.end) == (end.seq + 1, end.chain)
            answer = read_answer(dvr.ask(log_procedure(ID, fenced.writer), 1, 1))
            assert answer.next_seq == end.seq + 1
            dvr.all_recorded(fenced)
            assert a.ended() == LOCKED
            assert last(a.path(ID)).place == end
            assert kinds(a.events(ID))[-1] != "closed stopped"
            assert b.process.poll() is None
            b.signal(signal.SIGUSR1)
            assert b.ended() == 0


def older(dvr):
    found = [each for each in dvr.announced if not isinstance(each, Idle)]
    return next((each for each in found if each.status is Standing.FENCED), None)


def test_ctrl_c_waits_for_the_dvr_and_a_second_one_gives_that_up(tmp_path, router):
    with Joined(router, anonymous=False) as dvr:
        dvr.hear_announcements()
        with on_air(tmp_path, router, "--uuid", ID, "--linger", 0) as service:
            wait_for(lambda: dvr.last(Standing.LIVE), "an announcement")
            service.signal(signal.SIGINT)
            wait_for(lambda: dvr.last(Standing.CLOSED), "the end")
            wait_for(lambda: "staying until it is recorded" in service.said, "the words")
            assert service.process.poll() is None
            service.signal(signal.SIGINT)
            assert service.ended() == 0
            assert "0 of " in service.said
        dvr.announced.clear()
        with on_air(tmp_path, router, "--linger", 0) as after:
            left = wait_for(lambda: dvr.last(Standing.RETAINED), "what was left")
            dvr.all_recorded(left)
            wait_for((after.state_dir / f"{ID}.recorded").exists, "the note")
            own = wait_for(lambda: after.sessions()[1:], "a session of its own")[0]
            wait_for(lambda: dvr.last(Standing.LIVE, own), "its announcement")
            after.signal(signal.SIGTERM)
            dvr.all_recorded(wait_for(lambda: dvr.last(Standing.CLOSED, own), "the end"))
            assert after.ended() == 0


def test_a_secret_that_appears_later_brings_a_service_on_the_air(tmp_path, router):
    with Joined(router) as viewer:
        with Service(tmp_path, *DEMO, "--uuid", ID, LIVETIMING_ROUTER=router.url) as service:
            service.has(5)
            wait_for(lambda: "off the air until" in service.said, "the words")
            (service.state_dir / "secret").write_text(SECRET)
            snapshot = wait_for(lambda: viewer.answers(snapshot_procedure(ID)), "a snapshot")
            assert read_snapshot(snapshot).next_seq > 5
            service.signal(signal.SIGUSR1)
            assert service.ended() == 0
        assert state_hash(last(service.path(ID)).state)
