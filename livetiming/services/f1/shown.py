"""Values of the feed in error messages: short, whatever they are."""

from __future__ import annotations

_MAX = 40


def shown(value: object) -> str:
    """A text or a number as it is, if need be cut; a list or an object by that name alone."""
    if isinstance(value, str):
        return repr(value[:_MAX])
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return repr(value)[:_MAX]
