"""The dvr follows what is announced, and says how far it is."""

from livetiming.network.wire import RecordedStatus
from tests.components.dvr.stage import FOLDERS, IDS, Stage


def test_a_session_that_is_announced_is_recorded_line_by_line():
    stage = Stage().start()
    service = stage.service()
    for _ in range(20):
        service.go_on(3)
        stage.wait(1)
    stage.until(lambda: service.is_recorded)
    assert stage.growing() == service.history.lines


def test_what_was_published_before_the_dvr_came_is_pulled():
    stage = Stage()
    service = stage.service(lines=1200)
    stage.wait(1)
    stage.start()
    stage.until(lambda: service.is_recorded)
    assert stage.growing() == service.history.lines
    assert service.asked[:3] == [1, 501, 1001]


def test_lost_messages_are_pulled_again():
    stage = Stage().start()
    service = stage.service()
    stage.until(lambda: service.is_recorded)
    stage.router.lost = 0.3
    for _ in range(100):
        service.go_on(2)
        stage.wait(0.5)
    stage.router.lost = 0
    stage.until(lambda: service.is_recorded)
    assert stage.growing() == service.history.lines


def test_only_what_is_on_disk_is_called_recorded():
    stage = Stage().start()
    service = stage.service()
    stage.until(lambda: service.is_recorded)
    stage.threads = []
    service.go_on(5)
    stage.wait(30)
    assert service.recorded.seq == service.published - 5
    stage.release_threads()
    stage.until(lambda: service.is_recorded, 2)


def test_a_writer_is_told_at_most_once_a_second_and_after_each_announcement():
    stage = Stage().start()
    service = stage.service()
    stage.until(lambda: service.is_recorded)
    service.told.clear()
    for _ in range(200):
        service.go_on(1)
        stage.wait(0.05)
    assert 9 <= len(service.told) <= 11
    stage.wait(3)
    told = len(service.told)
    stage.wait(20)
    assert len(service.told) == told + 2


def test_twenty_sessions_are_recorded_at_once():
    stage = Stage().start()
    services = [stage.service(number) for number in range(20)]
    for _ in range(10):
        for service in services:
            service.go_on(2)
        stage.wait(1)
    stage.until(lambda: all(service.is_recorded for service in services))
    for number, service in enumerate(services):
        assert stage.growing(IDS[number]) == service.history.lines


def test_a_killed_dvr_goes_on_where_it_was():
    stage = Stage().start()
    service = stage.service()
    stage.until(lambda: service.is_recorded)
    stage.kill()
    service.go_on(10)
    stage.wait(1)
    stage.start()
    stage.until(lambda: service.is_recorded)
    assert stage.growing() == service.history.lines
    assert service.asked[-1] == 7


def test_a_closed_session_is_sealed_when_all_of_it_is_there():
    stage = Stage().start()
    service = stage.service()
    service.go_on(5)
    service.close()
    stage.until(lambda: stage.recordings())
    assert list(stage.recordings().values()) == [service.history.lines]
    assert stage.files(FOLDERS.temp) == ["dvr.lock"]
    assert service.recorded.status is RecordedStatus.OK
    stage.stop()


def test_a_session_whose_service_vanished_is_sealed_without_an_end():
    stage = Stage(gone_s=100).start()
    service = stage.service()
    stage.until(lambda: service.is_recorded)
    service.die()
    stage.wait(95)
    assert not stage.recordings()
    stage.wait(10)
    assert list(stage.recordings().values()) == [service.history.lines]
