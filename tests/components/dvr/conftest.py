"""What went wrong in a callback fails the test that it went wrong in."""

import gc

import pytest
from twisted.logger import globalLogPublisher


@pytest.fixture(autouse=True)
def said():
    """What was logged in a test, none of which may be a failure."""
    events: list = []
    globalLogPublisher.addObserver(events.append)
    yield events
    gc.collect()
    globalLogPublisher.removeObserver(events.append)
    failures = [event for event in events if event.get("log_failure") is not None]
    assert not failures, failures[0]["log_failure"].getTraceback()
