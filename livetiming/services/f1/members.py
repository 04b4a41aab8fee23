"""Parts of the feed's objects, which are maps, or lists that later messages address by index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from livetiming.services import BadFrame
from livetiming.services.f1.shown import shown

_DELETED = "_deleted"
_KEY_FRAME = "_kf"
MAX_MEMBERS = 2_000
"""Of one object; the longest known list, the messages of a race, has some hundreds."""


def members(value: object) -> Iterable[tuple[str, Any]]:
    """What an object says, member by member.

    Args:
        value: a map, or a list, which is a map by index.
    Returns: keys and values; a key that the object deletes comes last, with `None`.
    Raises: `BadFrame` where it is neither, or too long.
    """
    if type(value) is dict:
        if len(value) > MAX_MEMBERS:
            raise BadFrame("too many members", f"{len(value)} in one object")
        if _DELETED in value or _KEY_FRAME in value:
            return _said(value)
        return value.items()
    if type(value) is list:
        if len(value) > MAX_MEMBERS:
            raise BadFrame("too many members", f"{len(value)} in one list")
        return [(str(index), each) for index, each in enumerate(value)]
    if value is None:
        return ()
    raise BadFrame("shape", f"expected an object or a list, got {shown(value)}")


def _said(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, each in value.items():
        if key not in (_DELETED, _KEY_FRAME):
            yield key, each
    deleted = value.get(_DELETED)
    if isinstance(deleted, list):
        yield from ((key, None) for key in deleted if isinstance(key, str))


def index(key: str, limit: int) -> int | None:
    """The index that a key is, from 0.

    Returns: `None` where it is none, or none below the limit.
    """
    if not (key.isascii() and key.isdigit() and len(key) <= 6):
        return None
    number = int(key)
    return number if number < limit else None
