"""What is logged in a world: a failure is never right."""

from twisted.logger import globalLogPublisher

from tests.events.log.simulated_disk import PowerLoss

MAX_SEALS = 20


class Listening:
    """Counts the failures that are logged."""

    def __init__(self, witness):
        self._witness = witness

    def __enter__(self):
        globalLogPublisher.addObserver(self._hear)

    def __exit__(self, *_):
        globalLogPublisher.removeObserver(self._hear)

    def _hear(self, event):
        failure = event.get("log_failure")
        if failure is not None and not failure.check(PowerLoss):
            self._witness.failures.append(failure.getTraceback())
            self._witness.fail(f"a failure was logged: {failure.value!r}")
        elif "sealed to" in event.get("log_format", ""):
            self._witness.seals += 1
            if self._witness.seals == MAX_SEALS:
                self._witness.fail("sealing has no end")
        if self._witness.story is not None and event.get("log_level") is not None:
            self._witness.story(f"{'':9} log {event['log_level'].name}: {_text(event)}")


def _text(event):
    return event.get("log_format", "").format_map(event)
