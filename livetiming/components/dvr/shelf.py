"""Which recordings there are: found by the session's id in their names."""

from __future__ import annotations

from pathlib import Path

from twisted.logger import Logger

from livetiming.components.dvr.naming import named_growing, named_recording
from livetiming.events import SessionId
from livetiming.services.world import World

FRESH_S = 5.0
"""So long a look into the folder counts; what the dvr puts there itself is known at once."""


class Shelf:
    """The recordings of a folder.

    Args:
        world: the outside.
        folder: of the recordings.
    """

    _log = Logger()

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._found: dict[SessionId, dict[int, Path]] = {}
        self._looked_at = float("-inf")

    def find(self, session: SessionId) -> dict[int, Path]:
        """The recordings of a session's histories, by number."""
        now = self._world.monotonic()
        if session not in self._found and now - self._looked_at >= FRESH_S:
            self._looked_at = now
            self._look()
        found = self._found.get(session, {})
        return {number: path for number, path in found.items() if self._world.disk.exists(path)}

    def _look(self) -> None:
        try:
            paths = self._world.disk.beginning(self._folder, "")
        except OSError as error:
            self._log.error("{path}: {reason}", path=str(self._folder), reason=str(error))
            return
        self._found = {}
        for path in paths:
            self.put(path)

    def put(self, path: Path) -> None:
        """There is a recording, if it is one."""
        named = named_recording(path)
        if named is not None:
            self._found.setdefault(named.session, {})[named.history] = path


def growing_logs(world: World, folder: Path) -> dict[SessionId, list[int]]:
    """The histories that are being recorded, or of which something is left.

    Raises: `OSError`.
    """
    found: dict[SessionId, dict[int, None]] = {}
    for path in world.disk.beginning(folder, ""):
        named = named_growing(path)
        if named is not None and not path.name.endswith((".heard", ".lock")):
            found.setdefault(named.session, {})[named.history] = None
    return {session: sorted(numbers) for session, numbers in found.items()}
