"""Row 12: of many services that want one log, or one name, one gets it."""

import signal
import time
from resource import RUSAGE_CHILDREN, getrusage

import pytest

from livetiming.events.log import RealDisk, Status, verify
from tests.cli.programs import Service, wait_for
from tests.services.stage import kinds

ID = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
DEMO = ("demo", "--cars", 4, "--lap-s", 20, "--duration-s", 36_000, "--pace", 60)
LOCKED = 75


def check(folder, processes, trials):
    race = (*DEMO, "--start-at", int(time.time()))
    with Service(folder, *race, "--uuid", ID) as first:
        first.has(3).signal(signal.SIGUSR1)
        assert first.ended() == 0
    for trial in range(1, trials + 1):
        services = [
            Service(folder, *race, "--name", f"n{n}", "-s", first.path(ID))
            for n in range(processes)
        ]
        try:
            wait_for(lambda s=services: _living(s) <= 1, "one left", 120)
            winner = next(each for each in services if each.process.poll() is None)
            wait_for(lambda n=trial: kinds(first.events(ID)).count("feed resumed") == n, "resumed")
            assert winner.signal(signal.SIGUSR1).ended() == 0
            codes = sorted(each.process.returncode for each in services)
            assert codes == [0, *[LOCKED] * (processes - 1)]
            losers = [each for each in services if each is not winner]
            assert all(len(each.notes) == 1 for each in losers)
        finally:
            for each in services:
                each.__exit__()
    assert verify(RealDisk(), first.path(ID)).status is Status.WHOLE
    print(f"{trials} trials of {processes} processes: one each")  # noqa: T201 - a figure


def _living(services):
    return sum(each.process.poll() is None for each in services)


def test_of_several_services_that_start_at_once_one_gets_the_log_quick(tmp_path):
    check(tmp_path, 4, 1)


@pytest.mark.reliability
@pytest.mark.timeout(1200)
def test_of_many_services_that_start_at_once_one_gets_the_log(tmp_path):
    check(tmp_path, 20, 10)


# one service of a class and a name


PROCESSORS = 2
LIMIT_S = 3


def _spent_s():
    """Processor time of the processes that have ended and were waited for."""
    spent = getrusage(RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def check_names(folder, processes, trials):
    """Start many at once; those that end may take no more than two processors have in 3 s, which
    is known however busy the machine is.
    """
    slowest = dearest = 0.0
    for _ in range(trials):
        began, spent_before = time.monotonic(), _spent_s()
        services = [Service(folder, *DEMO) for _ in range(processes)]
        ended = {}
        try:
            while len(ended) < processes - 1:
                assert time.monotonic() - began < 120, f"{len(ended)} ended"
                for each in services:
                    if each.process.poll() is not None:
                        ended.setdefault(each, time.monotonic() - began)
                time.sleep(0.01)
            dearest = max(dearest, _spent_s() - spent_before)
            winner = next(each for each in services if each not in ended)
            wait_for(lambda w=winner: "recording to" in w.said, "a session")
            assert {each.process.returncode for each in ended} <= {LOCKED}
            pid = str(winner.process.pid)
            assert all(pid in each.said and "--name" in each.said for each in ended)
            assert all(len(each.said.splitlines()) == 1 for each in ended)
            assert winner.signal(signal.SIGUSR1).ended() == 0
            assert dearest <= PROCESSORS * LIMIT_S
            slowest = max(slowest, *ended.values())
        finally:
            for each in services:
                each.__exit__()
    figure = f"{slowest:.1f} s, {dearest:.2f} s of processor time"
    print(f"{trials} trials of {processes} processes: one each, {figure}")  # noqa: T201
    return slowest


def test_of_many_services_of_one_name_one_stays_quick(tmp_path):
    check_names(tmp_path, 20, 2)


@pytest.mark.reliability
@pytest.mark.timeout(3600)
def test_of_many_services_of_one_name_one_stays_and_the_others_say_so_in_3_seconds(tmp_path):
    assert check_names(tmp_path, 20, 200) <= LIMIT_S
