"""The analyses of recordings: made when a recording is there, apart from it, one at a time."""

from __future__ import annotations

from pathlib import Path

from twisted.internet.defer import Deferred, DeferredLock
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.analyses import analysis_path, remove_stored
from livetiming.analyses.making import make
from livetiming.components.dvr.naming import named_recording
from livetiming.disk import Disk
from livetiming.errors import LivetimingError
from livetiming.services.world import World


class Analyses:
    """Makes them in a thread; whatever goes wrong here, the recording is as it was.

    Args:
        world: the outside.
        folder: where they go; `None` where none are kept.
    """

    _log = Logger()

    def __init__(self, world: World, folder: Path | None) -> None:
        self._world = world
        self._folder = folder
        self._one = DeferredLock()

    def make(self, recording: Path) -> None:
        """Make the analysis of a recording, as soon as those before are made."""
        named = named_recording(recording)
        if self._folder is None or named is None:
            return
        path = analysis_path(self._folder, named.session, named.history)
        making = self._one.run(self._world.in_thread, _make, self._world.disk, recording, path)
        making.addErrback(self._not_made, recording)

    def _not_made(self, failure: Failure, recording: Path) -> None:
        path, reason = str(recording), failure.getErrorMessage()
        if isinstance(failure.value, LivetimingError | OSError):
            self._log.error("{path} is not analysed: {reason}", path=path, reason=reason)
        else:
            self._log.failure("{path} could not be analysed", failure, path=path)

    def finish(self) -> Deferred[None]:
        """Fires when none is being made any more."""
        finished: Deferred[None] = self._one.run(lambda: None)
        return finished


def _make(disk: Disk, recording: Path, path: Path) -> None:
    """Make an analysis, and leave none of a recording that was taken away meanwhile."""
    make(disk, recording, path)
    if not disk.exists(recording):
        remove_stored(disk, path)
