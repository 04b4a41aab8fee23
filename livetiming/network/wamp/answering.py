"""What one session answers: no result and no error of ours can end it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.types import CallDetails
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.network.connection import CallFailed, Refused
from livetiming.network.names import NO_SUCH_PROCEDURE
from livetiming.network.wamp.errors import PROCEDURE_EXISTS, RUNTIME_ERROR, call_failed
from livetiming.network.wamp.sendable import unsendable
from livetiming.network.wamp.transport import WampSession
from livetiming.network.wamp.untyped import error as refusal
from livetiming.network.wamp.untyped import registering

_log = Logger()


class Asked(NamedTuple):
    """What is registered.

    Args:
        procedure: exactly, or the beginning of its name.
        prefix: whether all procedures that begin so are meant.
        shared: whether others may answer too; the newest does.
    """

    procedure: str
    prefix: bool
    shared: bool


class Answering:
    """The registrations of a session, of each procedure one: Autobahn ends a session at a second.

    Args:
        wamp: the session.
    """

    def __init__(self, wamp: WampSession) -> None:
        self._wamp = wamp
        self._held: set[tuple[str, bool]] = set()

    def register(
        self,
        asked: Asked,
        answer: Callable[..., object],
        made: Callable[[CallFailed | None], None],
    ) -> Answered:
        """Answer a procedure.

        Args:
            asked: which.
            answer: called with the procedure's name, if a prefix was registered, and the arguments.
            made: called when it is so, or with why not.
        """
        answered = Answered(self, asked, answer)
        if answered.key in self._held:
            made(CallFailed(PROCEDURE_EXISTS, "we answer it already"))
            return answered
        self._held.add(answered.key)

        def registered(registration: Any) -> None:
            answered.registration = registration
            if answered.stopped:
                self.unregister(answered)
            else:
                made(None)

        def refused(failure: Failure) -> None:
            self._held.discard(answered.key)
            made(call_failed(failure))

        options = registering(prefix=asked.prefix, shared=asked.shared)
        done = maybeDeferred(self._wamp.register, answered.answer, asked.procedure, options)
        done.addCallbacks(registered, refused)
        return answered

    def unregister(self, answered: Answered) -> None:
        """Take a registration back."""
        self._held.discard(answered.key)
        undone = maybeDeferred(answered.registration.unregister)
        undone.addErrback(lambda _: None)  # the session ended: so did the registration

    def is_over(self) -> bool:
        """Whether no answer can be sent any more."""
        return not self._wamp.is_attached()


class Answered:
    """One registration in one session."""

    def __init__(self, answering: Answering, asked: Asked, answer: Callable[..., object]) -> None:
        self.key = (asked.procedure, asked.prefix)
        self.registration: Any = None
        self.stopped = False
        self._answering = answering
        self._asked = asked
        self._answer = answer

    def stop(self) -> None:
        """Answer no more, from now on."""
        if not self.stopped:
            self.stopped = True
            if self.registration is not None:
                self._answering.unregister(self)

    def answer(self, *args: Any, details: CallDetails, **_: Any) -> Deferred[Any]:
        """Answer a call.

        Returns: what Autobahn waits for; it never fires after the session, where Autobahn would
            fail on sending, and what it cancels is not the work itself.
        """
        reply: Deferred[Any] = Deferred()
        if self.stopped:
            reply.errback(refusal(NO_SUCH_PROCEDURE, "it is answered no more"))
            return reply
        named = (details.procedure, *args) if self._asked.prefix else args
        done = maybeDeferred(self._answer, *named)
        done.addCallback(self._checked)
        done.addErrback(self._refusal)
        done.addCallback(self._send, reply)
        return reply

    def _send(self, value: object, reply: Deferred[Any]) -> None:
        if reply.called or self._answering.is_over():
            return
        if isinstance(value, ApplicationError):
            reply.errback(value)
        else:
            reply.callback(value)

    def _checked(self, value: object) -> object:
        wrong = unsendable(value)
        if wrong is None:
            return value
        _log.error("{name}: cannot answer: {wrong}", name=self._asked.procedure, wrong=wrong)
        return refusal(wrong.error)

    def _refusal(self, failure: Failure) -> ApplicationError:
        error = failure.value
        if isinstance(error, Refused):
            return refusal(error.error, str(error))
        _log.failure("{procedure}", failure, procedure=self._asked.procedure)
        return refusal(RUNTIME_ERROR)
