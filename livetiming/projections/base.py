"""What every view of a session has in common: it can be folded again at will."""

from __future__ import annotations

from typing import Protocol, TypeVar

from livetiming.events import Event

View = TypeVar("View")


class Projection(Protocol[View]):
    """A view of a session that can be thrown away and folded again from its log."""

    name: str
    version: int
    """Raise it whenever `step` would answer differently: stored views then expire."""

    def start(self) -> View:
        """The view before the first event."""
        ...

    def step(self, view: View, event: Event, /) -> View:
        """The view after an event; the one before may be used up."""
        ...
