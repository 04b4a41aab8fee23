"""Being the one of its kind in a folder, before anything heavy is imported: of many that are
started at once, all but one end within a moment.
"""

from __future__ import annotations

import os
from pathlib import Path

from livetiming.components.one_dvr import hold_folder
from livetiming.disk import File, RealDisk
from livetiming.errors import BadSetting, LogLocked
from livetiming.services.held import Held, hold_instance
from livetiming.settings import Settings


def hold_service(state_dir: Path, class_: str, instance: str) -> Held:
    """Be it, in the folder of the services' own logs.

    Args:
        state_dir: that folder; made where it is not there.
        class_: of the service.
        instance: the name of the process among those of its class.
    Raises: `AlreadyRuns`; `OSError` or `BadSetting` where nothing can be made in that folder.
    """
    make_folder("LIVETIMING_STATE_DIR", state_dir)
    return hold_instance(RealDisk(), state_dir, class_, instance, os.getpid())


def hold_recordings(settings: Settings) -> File:
    """Be the one dvr of a deployment, whose folders are made where they are not there.

    Args:
        settings: checked.
    Returns: the lock, to be held as long as the dvr runs.
    Raises: `LogLocked` where another dvr runs; `LogFailed` by the disk; `OSError` or `BadSetting`
        where nothing can be made in a folder.
    """
    make_folder("LIVETIMING_RECORDINGS_TEMP_DIR", settings.recordings_temp_dir)
    make_folder("LIVETIMING_RECORDINGS_DIR", settings.recordings_dir)
    make_folder("LIVETIMING_ANALYSIS_DIR", settings.analysis_dir)
    return hold_folder(RealDisk(), settings.recordings_temp_dir)


def hold_system(state_dir: Path) -> File:
    """Be the one `livetiming up` of a state folder, which is there.

    Returns: the lock, to be held as long as it runs.
    Raises: `LogLocked` where another one runs.
    """
    path = state_dir / "up.lock"
    try:
        return RealDisk().lock(path)
    except BlockingIOError as error:
        raise LogLocked(path, "`livetiming up` runs here already; stop that one first") from error


def make_folder(variable: str, path: Path) -> None:
    """See that files can be made in a folder.

    Raises: `OSError` or `BadSetting` where they cannot.
    """
    path.mkdir(parents=True, exist_ok=True)
    if not os.access(path, os.W_OK | os.X_OK):
        raise BadSetting(f"{variable}: {path} cannot be written to")
