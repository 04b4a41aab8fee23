"""Running the dvr in this process."""

from __future__ import annotations

from livetiming.cli.component import run_component
from livetiming.components.dvr import Dvr, Folders
from livetiming.events.log import File
from livetiming.network.connection import Connection
from livetiming.services.world import World
from livetiming.settings import Settings


def run_dvr(settings: Settings, lock: File, *, verbose: bool, debug: bool) -> int:
    """Record until a signal comes.

    Args:
        settings: checked.
        lock: that this is the only dvr of its folder.
        verbose: say what happens.
        debug: say everything.
    Returns: the exit code.
    Raises: `LivetimingError` by what keeps it from starting.
    """

    def make(world: World, connection: Connection) -> Dvr:
        return Dvr(
            world,
            connection,
            Folders(
                temp=settings.recordings_temp_dir,
                recordings=settings.recordings_dir,
                state=settings.state_dir,
                analyses=settings.analysis_dir,
            ),
            gone_s=settings.gone_s,
            min_recording_s=settings.min_recording_s,
            lock=lock,
        )

    return run_component("dvr", settings, make, verbose=verbose, debug=debug)
