"""The Live Timing Aggregator: every timing feed as one log of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from livetiming.recording import open_recording

__version__ = "0.1.0"
__all__ = ["__version__", "open_recording"]


def __getattr__(name: str) -> Any:
    """Load the public API when somebody uses it: every program imports this module."""
    if name == "open_recording":
        from livetiming.recording import open_recording

        return open_recording
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
