"""Following a live session: what to make of each message, and what to ask for, when."""

from livetiming.network.follow.asking import Ask
from livetiming.network.follow.follower import Follower, Sight
from livetiming.network.follow.limits import Limits
from livetiming.network.follow.session_clock import SessionClock

__all__ = ["Ask", "Follower", "Limits", "SessionClock", "Sight"]
