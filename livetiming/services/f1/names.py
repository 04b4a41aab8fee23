"""Who drives a car, and for whom: `DriverList`."""

from __future__ import annotations

from livetiming.events import Cells
from livetiming.services.f1.cells import put
from livetiming.services.f1.members import members
from livetiming.services.f1.values import count, text

_TEXTS = frozenset({"FirstName", "LastName", "FullName", "BroadcastName", "TeamName"})


class Names:
    """What `DriverList` says of a car.

    Args:
        cells: the car's, for the columns in `Names.columns`.
    """

    columns = ("driver", "team")

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._texts: dict[str, str] = {}
        self.line: int | None = None

    def take(self, said: object) -> None:
        """Take what a message says of it."""
        for key, value in members(said):
            if key == "Line":
                self.line = count(value)
            elif key in _TEXTS:
                self._texts[key] = text(value)
        put(self._cells, "driver", self._driver() or None)
        put(self._cells, "team", self._texts.get("TeamName") or None)

    def _driver(self) -> str:
        texts = self._texts
        whole = f"{texts.get('FirstName', '')} {texts.get('LastName', '')}".strip()
        return whole or texts.get("FullName") or texts.get("BroadcastName") or ""
