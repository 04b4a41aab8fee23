"""The Live Timing Aggregator: every timing feed as one log of events."""

__version__ = "0.1.0"
