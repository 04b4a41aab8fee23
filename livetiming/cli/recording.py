"""Running the dvr in this process."""

from __future__ import annotations

from livetiming.cli.component import run_component
from livetiming.components.dvr import Dvr, Folders
from livetiming.network.connection import Connection
from livetiming.services.world import World
from livetiming.settings import Settings


def run_dvr(settings: Settings, *, verbose: bool, debug: bool) -> int:
    """Record until a signal comes.

    Args:
        settings: checked.
        verbose: say what happens.
        debug: say everything.
    Returns: the exit code.
    Raises: `LivetimingError` by what keeps it from starting.
    """
    temp, recordings = settings.recordings_temp_dir, settings.recordings_dir

    def make(world: World, connection: Connection) -> Dvr:
        folders = Folders(temp, recordings, settings.state_dir)
        gone_s, min_recording_s = settings.gone_s, settings.min_recording_s
        return Dvr(world, connection, folders, gone_s=gone_s, min_recording_s=min_recording_s)

    needed = {"LIVETIMING_RECORDINGS_TEMP_DIR": temp, "LIVETIMING_RECORDINGS_DIR": recordings}
    return run_component("dvr", settings, needed, make, verbose=verbose, debug=debug)
