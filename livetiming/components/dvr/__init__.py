"""The dvr: a replica of every session on air, recorded and sealed."""

from livetiming.components.dvr.dvr import Dvr
from livetiming.components.dvr.folders import Folders

__all__ = ["Dvr", "Folders"]
