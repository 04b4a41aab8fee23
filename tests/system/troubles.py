"""What happens to a running system: its parts are killed and frozen, at random moments."""

import heapq
import itertools
import math
import time
from collections import Counter

from tests.system.parts import freeze, thaw
from tests.system.running import DVR, KINDS, SERVICE, WORKER

FROZEN = (SERVICE, DVR, WORKER)
FREEZES = 0.3
"""So many of the later troubles freeze a part, the others kill one."""
PAUSE_S = (1.0, 4.0)
BACK_S = (0.0, 1.5)
"""So long whoever was killed is away, beside its start."""
FROZEN_S = (0.5, 10.0)


class Troubles:
    """Kills each part at least once, then whatever chance says.

    Args:
        system: a running one.
        dice: decides everything.

    Attributes:
        done: how often what was done.
    """

    def __init__(self, system, dice):
        self._system = system
        self._dice = dice
        self._later = []
        self._numbers = itertools.count()
        self._first = dice.sample(KINDS, len(KINDS))
        self._away = set()
        self.done = Counter()

    def run(self, seconds):
        """Go on for so long, and until each was killed and everybody is back."""
        end = time.monotonic() + seconds
        next_at = time.monotonic()
        while time.monotonic() < end or self._first or self._later:
            now = time.monotonic()
            while self._later and self._later[0][0] <= now:
                heapq.heappop(self._later)[2]()
            if now >= next_at and (now < end or self._first):
                next_at = now + self._dice.uniform(*PAUSE_S)
                self._next()
            if not self._away:
                self._system.look_after()
            time.sleep(0.02)

    def _next(self):
        if self._first:
            killed = next(filter(self._kill, self._first), None)
            if killed is not None:
                self._first.remove(killed)
        elif self._dice.random() < FREEZES:
            self._freeze(self._dice.choice(FROZEN))
        else:
            self._kill(self._dice.choice(KINDS))

    def _kill(self, kind):
        if not self._system.kill(kind):
            return False
        self.done[f"{kind} killed"] += 1
        if kind in (SERVICE, DVR):
            self._away.add(kind)
            self._in(self._dice.uniform(*BACK_S), lambda: self._back(kind))
        return True

    def _back(self, kind):
        self._away.discard(kind)
        self._system.part_of(kind).start()

    def _freeze(self, kind):
        pid = self._system.pid_of(kind)
        if pid is None:
            return
        self.done[f"{kind} frozen"] += 1
        freeze(pid)
        least, most = map(math.log, FROZEN_S)
        self._in(math.exp(self._dice.uniform(least, most)), lambda: self._thaw(kind, pid))

    def _thaw(self, kind, pid):
        if self._system.pid_of(kind) == pid:
            thaw(pid)

    def _in(self, seconds, what):
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._numbers), what))
