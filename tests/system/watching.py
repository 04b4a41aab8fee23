"""Viewers over real connections, who keep every line that they heard and all that they showed."""

import time
from random import Random

from livetiming.events import SessionId, state_hash
from livetiming.network.follow import Follower, Sight
from livetiming.network.viewer import Viewer
from livetiming.network.wamp import connect
from livetiming.network.wire import BadMessage, Lines, read_answer, read_message
from tests.network.running import in_reactor, reactor_in_thread


class Watcher:
    """A viewer like any other, with the production connection and follower.

    Args:
        url: of the router.
        session: whom to follow.
        seed: of its jitter.

    Attributes:
        heard: every line that came, on the topic or in an answer, by writer and seq.
        shown: the hash of the state at each seq.
        faults: what must never be.
    """

    def __init__(self, url, session, seed):
        self.session = SessionId(session)
        self.heard = {}
        self.shown = {}
        self.faults = []
        self._url = url
        self._dice = Random(seed)
        self._messages = []
        self._steps = []
        self._place = (None, 0)

    def __enter__(self):
        in_reactor(self._start)
        return self

    def __exit__(self, *_):
        in_reactor(self._stop)

    def _start(self):
        reactor = reactor_in_thread()
        self.connection = connect(reactor, self._url, lambda: None, self._dice, anonymous=True)
        self.follower = Follower(self.session, self._dice.random, moved=self._moved)
        self._viewer = Viewer(reactor, _Noted(self.connection, self), self.session, self.follower)
        self._viewer.start()

    def _stop(self):
        self._viewer.stop()
        return self.connection.close()

    # --- what it notes, in the reactor's thread

    def on_message(self, args):
        self._messages.append(time.monotonic())
        try:
            message = read_message(args)
        except BadMessage as error:
            self.faults.append(str(error))
            return
        if isinstance(message, Lines):
            self._note(message.writer, message.first_seq, message.lines)

    def on_answer(self, text):
        try:
            answer = read_answer(text)
        except BadMessage as error:
            self.faults.append(str(error))
            return
        self._note(answer.writer, answer.from_seq, answer.lines)

    def _note(self, writer, first_seq, lines):
        for seq, line in enumerate(lines, first_seq):
            if self.heard.setdefault((writer, seq), line) != line:
                self.faults.append(f"two lines {seq} of writer {writer}")

    def _moved(self, _event):
        follower = self.follower
        shown = state_hash(follower.state)
        self._steps.append((time.monotonic(), follower.seq))
        before, self._place = self._place, (follower.writer, follower.seq)
        if before[0] == follower.writer and before[1] >= follower.seq:
            self.faults.append(f"back from {before} to line {follower.seq}")
        if self.shown.setdefault(follower.seq, shown) != shown:
            self.faults.append(f"two states at line {follower.seq}")

    # --- what tests ask

    @property
    def seq(self):
        return self.follower.seq

    @property
    def state(self):
        return in_reactor(lambda: self.follower.state)

    def is_live(self):
        reactor = reactor_in_thread()
        return in_reactor(lambda: self.follower.sight(reactor.seconds())) is Sight.LIVE

    def live_after(self, since, seq):
        """How long after a moment it had heard the service again, and showed a line.

        Returns: seconds; `None` while it has not.
        """
        heard = next((at for at in self._messages if at >= since), None)
        shown = next((at for at, at_seq in self._steps if at_seq >= seq), None)
        if heard is None or shown is None or not self.is_live():
            return None
        return max(heard, shown) - since


class _Noted:
    """A connection; what comes over it is noted before it is followed."""

    def __init__(self, connection, watcher):
        self._connection = connection
        self._watcher = watcher

    def subscribe(self, topic, take, ready=None):
        def noted(*args):
            self._watcher.on_message(args)
            return take(*args)

        return self._connection.subscribe(topic, noted, ready)

    def call(self, procedure, *args):
        called = self._connection.call(procedure, *args)
        return called.addCallback(self._answered, procedure)

    def _answered(self, text, procedure):
        if procedure.endswith(".events"):
            self._watcher.on_answer(text)
        return text
