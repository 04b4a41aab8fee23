"""Rows 1 and 7: service, dvr and router are killed at random in a running session."""

import random
import time
from contextlib import ExitStack

import pytest

from livetiming.events.log import RealDisk, open_reader
from livetiming.events.state import canonical
from tests.cli.programs import wait_for
from tests.system.comparing import MOMENTS, is_recorded, recording_of, shows_the_same
from tests.system.running import SESSION, System
from tests.system.troubles import Troubles
from tests.system.watching import Watcher
from tests.web.viewer import Viewer

RUNS = 100
BROWSERS = range(0, RUNS, 20)
"""The runs in which a real browser looks on, too."""
LIVE_S = 10.0
BEFORE = 10
"""So many moments each viewer sees before anything goes wrong."""


def run(folder, seed, seconds, *, watchers=3, browser=None):
    """One run of the whole system, in which each part is killed at least once."""
    dice = random.Random(seed)
    began = time.monotonic()
    with System(folder) as system, ExitStack() as stack:
        system.service.has(3)
        looking = [
            stack.enter_context(Watcher(system.router.url, SESSION, seed + number))
            for number in range(watchers)
        ]
        if browser is not None:
            browser.start_anew()
            browser.open(f"{system.router.http}/#/timing/{SESSION}")
            browser.wait_for(Viewer.canonical, lambda seen: seen is not None)
        have_shown(looking, BEFORE)
        troubles = Troubles(system, dice)
        troubles.run(seconds)
        slowest = live_again(system, looking)
        have_shown(looking, MOMENTS)
        system.close()
        recording = recording_of(folder, SESSION)
        check_end(system, recording, looking, browser)
        lines = is_recorded(system.service.log, recording)
        moments = shows_the_same(system.service.log, recording, looking)
        assert moments == MOMENTS
        system.check_said()
    told = ", ".join(f"{what} {count}" for what, count in sorted(troubles.done.items()))
    contradicted = system.started_by_itself
    print(  # noqa: T201 - a figure
        f"seed {seed}: {lines} lines, {moments} moments, live again after {slowest:.1f} s, "
        f"{told}, contradicted {contradicted}, {time.monotonic() - began:.0f} s in all"
    )


def have_shown(watchers, count):
    """Wait until each has shown so many moments."""
    for watcher in watchers:
        wait_for(lambda watcher=watcher: len(watcher.shown) >= count, f"{count} moments", 60)


def live_again(system, watchers):
    """Wait until everything is back; how long the slowest viewer then took."""
    writer = system.service.place[0]
    wait_for(system.is_listening, "the router's return", 60)

    def is_back():
        system.look_after()
        return "going on," in system.service.said_now

    wait_for(is_back, "the service's return", 60)
    assert system.service.place[0] >= writer
    since, seq = time.monotonic(), system.service.seq
    took = [
        wait_for(lambda watcher=watcher: watcher.live_after(since, seq), "a live viewer", 60)
        for watcher in watchers
    ]
    assert max(took) <= LIVE_S, f"live again after {took}"
    return max(took)


def check_end(system, recording, watchers, browser):
    """Wait until everybody shows the end."""
    with open_reader(RealDisk(), recording) as sealed:
        last = sealed.last()
    for watcher in watchers:
        wait_for(lambda watcher=watcher: watcher.seq == last.seq, "a viewer at the end", 60)
    if browser is not None:
        shown = browser.wait_for(
            Viewer.canonical, lambda seen: seen is not None and seen["seq"] == last.seq, 60
        )
        assert shown["text"].encode() == canonical(last.state)
        assert browser.complaints() == []


@pytest.mark.timeout(300)
def test_whatever_is_killed_all_have_one_history_quick(tmp_path, browser):
    run(tmp_path, random.SystemRandom().randrange(10**6), 8, browser=browser)


@pytest.mark.reliability
@pytest.mark.timeout(180)
@pytest.mark.parametrize("number", range(RUNS))
def test_whatever_is_killed_all_have_one_history(tmp_path, number, request):
    browser = request.getfixturevalue("browser") if number in BROWSERS else None
    seed = random.SystemRandom().randrange(10**6)
    run(tmp_path, seed, 15, browser=browser)
