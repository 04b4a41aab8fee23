"""Somebody at a screen, and what is to be seen there."""

from random import Random

from livetiming.network.follow import Follower, Limits
from livetiming.network.viewer import Viewer
from tests.network.traces import RecordedFollower

LIMITS = Limits(waiting_lines=16, waiting_bytes=4096, answer_lines=12, far_behind=40)


class Watcher:
    """Somebody at a screen.

    Attributes:
        changed_at: when what it shows changed last.
        most_late_s: how long after its publication the latest line came.
    """

    def __init__(self, world, name, limits):
        self.world, self.name, self.limits = world, name, limits
        self.connection = world.router.connect(f"viewers/{name}")
        self.proves = len(world.watchers) % 2 == 1 and not world.traced
        self.viewer = None
        self.session = None
        self.changed_at = 0.0
        self.most_late_s = 0.0
        self.lines = self.mixed = 0
        self.followers = []

    def follow(self, session):
        """Look at a session, and no longer at the one before."""
        if self.viewer is not None:
            self.viewer.stop()
        self.session = session
        rng = self.world.rng
        self.world.say("WATCH", self.name, session)
        self.follower = self.make(session, rng.getrandbits(64))
        self.viewer = Viewer(self.world.time, self.connection, session, self.follower)
        self.viewer.start()

    def make(self, session, seed):
        draw = Random(seed).random
        if not self.world.traced:
            return Follower(
                session, draw, limits=self.limits, moved=self._moved, proves=self.proves
            )
        name = f"{self.world.seed}, {self.name}, {len(self.followers) + 1}"
        follower = RecordedFollower(
            name, session, draw, limits=self.limits, moved=self._moved, hashes=False
        )
        self.followers.append(follower)
        return follower

    def _moved(self, event):
        witness, now = self.world.witness, self.world.time.seconds()
        self.changed_at = now
        chain = self.follower.chain
        if chain not in witness.durable:
            self.mixed += 1
            if self.proves or not self.world.may_mix:
                what = f"line {self.follower.seq} of a history that is none"
                witness.fail(f"{self.name} shows {what}")
        published = witness.published.get(chain)
        described = self.follower.state.described
        if described is not None and described.session != self.session:
            witness.fail(f"{self.name} shows another session than its own")
        if event is not None:
            self.lines += 1
            if published is not None:
                self.most_late_s = max(self.most_late_s, now - published[0])
