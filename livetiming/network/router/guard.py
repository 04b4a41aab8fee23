"""The guard of Crossbar's worker against messages that are nested without end."""

from __future__ import annotations

import sys

from autobahn.twisted.wamp import ApplicationSession
from autobahn.wamp.types import ComponentConfig

DEPTH = 1000
"""CPython's own limit. A library that Crossbar imports (py_ecc) raises it to 100,000, with which
one message of 100 KB, sent before any login, held the worker up for 21-55 seconds.
"""


class RecursionGuard(ApplicationSession):
    """Puts the limit back; Crossbar starts it before it listens."""

    def __init__(self, config: ComponentConfig | None = None) -> None:
        super().__init__(config)
        sys.setrecursionlimit(DEPTH)
