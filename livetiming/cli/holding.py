"""Being the one service of a class and a name, before anything heavy is imported: of many that are
started at once, all but one end within a moment.
"""

from __future__ import annotations

import os
from pathlib import Path

from livetiming.errors import BadSetting
from livetiming.events.log import RealDisk
from livetiming.services.held import Held, hold_instance


def hold_service(state_dir: Path, class_: str, instance: str) -> Held:
    """Be it, in the folder of the services' own logs.

    Args:
        state_dir: that folder; made where it is not there.
        class_: of the service.
        instance: the name of the process among those of its class.
    Raises: `AlreadyRuns`; `OSError` or `BadSetting` where nothing can be made in that folder.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    if not os.access(state_dir, os.W_OK | os.X_OK):
        raise BadSetting(f"LIVETIMING_STATE_DIR: {state_dir} cannot be written to")
    return hold_instance(RealDisk(), state_dir, class_, instance, os.getpid())
