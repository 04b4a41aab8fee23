"""Running the directory in this process."""

from __future__ import annotations

from livetiming.cli.component import run_component
from livetiming.cli.holding import make_folder
from livetiming.components.directory import Directory
from livetiming.network.connection import Connection
from livetiming.services.world import World
from livetiming.settings import Settings


def run_directory(settings: Settings, *, verbose: bool, debug: bool) -> int:
    """Say what is on air until a signal comes.

    Args:
        settings: of the deployment.
        verbose: say what happens.
        debug: say everything.
    Returns: the exit code.
    Raises: `LivetimingError` by what keeps it from starting.
    """

    def make(world: World, connection: Connection) -> Directory:
        return Directory(world, connection, settings.state_dir)

    make_folder("LIVETIMING_STATE_DIR", settings.state_dir)
    return run_component("directory", settings, make, verbose=verbose, debug=debug)
