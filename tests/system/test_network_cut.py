"""Row 8: the network between services and the router is cut in every way that networks are."""

import math
import random
import statistics
import time
from collections import Counter
from contextlib import ExitStack
from typing import NamedTuple
from uuid import UUID

import pytest

from livetiming.network.connection import CallFailed
from livetiming.network.names import snapshot_procedure
from tests.cli.programs import wait_for
from tests.network.cutting import Cut, Cutter
from tests.network.running import in_reactor, reactor_in_thread
from tests.system.comparing import is_recorded, recording_of, shows_the_same
from tests.system.parts import DemoService
from tests.system.running import System
from tests.system.watching import Watcher

RACE = ("--cars=6", "--lap-s=20", "--duration-s=36000", "--pace=5")
NOTICED_S = 20.0
SERVICES, CUTS = 10, 5
SHORTEST_S, LONGEST_S = 1.0, 120.0
GAP_S = (1.0, 3.0)
KINDS = [Cut.SWALLOW] * 26 + [Cut.REFUSE] * 12 + [Cut.HALF_CLOSE] * 6 + [Cut.DROP] * 6


class Planned(NamedTuple):
    """A cut that is to come."""

    how: Cut
    seconds: float


def planned(dice, services, cuts):
    """The cuts of each service: as many short ones as long ones, to the factor."""
    count = services * cuts
    kinds = dice.sample(KINDS, count) if count <= len(KINDS) else dice.choices(KINDS, k=count)
    ratio = LONGEST_S / SHORTEST_S
    lengths = [SHORTEST_S * ratio ** (number / (count - 1)) for number in range(count)]
    dice.shuffle(lengths)
    cut = [Planned(*each) for each in zip(kinds, lengths, strict=True)]
    return [cut[number::services] for number in range(services)]


class CutService:
    """A demo service behind a network of its own, with a viewer whose network is whole.

    Args:
        system: whose router and dvr are used.
        number: of the service.
        cuts: that are to come.
        dice: for the pauses between them.
        stack: ends it.

    Attributes:
        noticed: how long it took the service and the router to notice a half-open link.
        healed: how long after each cut the viewer was live again.
    """

    def __init__(self, system, number, cuts, dice, stack):
        self.cuts = list(cuts)
        self.noticed, self.healed, self.done = [], [], Counter()
        self._dice = dice
        self._cutter = in_reactor(Cutter(reactor_in_thread(), system.router.port).start)
        stack.callback(in_reactor, self._cutter.stop)
        environment = {**system.environment, "LIVETIMING_ROUTER": self._cutter.url}
        session = UUID(int=dice.getrandbits(128)).hex
        name = f"n{number}"
        self.service = DemoService(system.folder, environment, session, *RACE, name=name)
        stack.callback(self.service.clean_up)
        self.service.start()
        url = system.router.url
        self.watcher = stack.enter_context(Watcher(url, session, dice.getrandbits(32)))
        self._steps = self._run()
        self.is_over = False

    def step(self):
        """Go on with what is under way."""
        assert self.service.is_alive, self.service.said[-3000:]
        if next(self._steps, self) is self:
            self.is_over = True

    def _run(self):
        yield from _until(lambda: self.watcher.seq >= 3)
        for cut in self.cuts:
            yield from _wait(self._dice.uniform(*GAP_S))
            yield from self._cut(cut)

    def _cut(self, cut):
        self.done[cut.how.value] += 1
        losses, asked = self._losses(), None
        began = time.monotonic()
        in_reactor(self._cutter.cut, cut.how, cut.seconds)
        if cut.how is Cut.SWALLOW and cut.seconds > NOTICED_S:
            asked = Asked(self.watcher)
        heard = None
        while time.monotonic() - began < cut.seconds + 0.1:
            if heard is None and self._losses() > losses:
                heard = time.monotonic() - began
            yield
        if asked is not None:
            self.noticed.append(heard)
            self.noticed.append(asked.after(began))
        yield from self._return()

    def _losses(self):
        return self.service.said.count("off the air: ")

    def _return(self):
        since, seq = time.monotonic(), self.service.seq
        yield from _until(lambda: self.watcher.live_after(since, seq) is not None)
        self.healed.append(self.watcher.live_after(since, seq))


class Asked:
    """A viewer's question for the snapshot, asked until it is answered."""

    def __init__(self, watcher):
        self._watcher = watcher
        self._answered_at = None
        in_reactor(self._ask)

    def _ask(self):
        called = self._watcher.connection.call(snapshot_procedure(self._watcher.session), None)
        called.addCallbacks(self._answered, self._failed)

    def _answered(self, _):
        self._answered_at = time.monotonic()

    def _failed(self, failure):
        failure.trap(CallFailed)
        reactor_in_thread().callLater(0.2, self._ask)

    def after(self, began):
        return None if self._answered_at is None else self._answered_at - began


def _wait(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield


def _until(check):
    end = time.monotonic() + 60
    while not check():
        assert time.monotonic() < end, "no viewer is live in 60 s"
        yield


def check(folder, services, plan, seed):
    dice = random.Random(seed)
    began = time.monotonic()
    with System(folder) as system, ExitStack() as stack:
        cut = [CutService(system, number, plan[number], dice, stack) for number in range(services)]
        while not all(each.is_over for each in cut):
            for each in cut:
                if not each.is_over:
                    each.step()
            time.sleep(0.02)
        lines = sum(end(system, each) for each in cut)
        system.check_said()
    tell(cut, lines, seed, time.monotonic() - began)
    for each in cut:
        assert all(s is not None and s <= NOTICED_S for s in each.noticed), each.noticed


def end(system, cut):
    """Close a session, and see that nothing of it was lost; how many lines it has."""
    service = cut.service
    assert service.end() == 0, service.said[-3000:]
    assert "Traceback" not in service.said
    recording = recording_of(system.folder, service.session)
    lines = is_recorded(service.log, recording)
    wait_for(lambda: cut.watcher.seq == lines, "the viewer at the end", 60)
    shows_the_same(service.log, recording, [cut.watcher])
    return lines


def tell(cut, lines, seed, seconds):
    done = sum((each.done for each in cut), Counter())
    healed = [s for each in cut for s in each.healed]
    noticed = [s for each in cut for s in each.noticed]
    told = ", ".join(f"{how} {count}" for how, count in sorted(done.items()))
    worst = max((math.inf if s is None else s for s in noticed), default=0.0)
    print(  # noqa: T201 - a figure
        f"seed {seed}: {done.total()} cuts ({told}), {lines} lines; live again after "
        f"{statistics.median(healed):.2f} s in the median, {max(healed):.2f} s at most; "
        f"{len(noticed)} half-open links noticed, after {worst:.1f} s at most; {seconds:.0f} s"
    )


@pytest.mark.timeout(300)
def test_a_network_that_is_cut_loses_nothing_quick(tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    plan = [[Planned(Cut.SWALLOW, 2.0), Planned(Cut.REFUSE, 1.0), Planned(Cut.HALF_CLOSE, 1.0)]]
    check(tmp_path, 1, plan, seed)


@pytest.mark.reliability
@pytest.mark.timeout(1800)
def test_a_network_that_is_cut_loses_nothing(tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    check(tmp_path, SERVICES, planned(random.Random(seed), SERVICES, CUTS), seed)
