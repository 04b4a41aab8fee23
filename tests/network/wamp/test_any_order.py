"""Whatever is begun and stopped while messages fly, in whichever order, the connection stays."""

from random import Random

import pytest

from tests.network.connection_contract import Listener, answer

STEPS = 400


class Player:
    """Begins and stops things on one connection, at random."""

    def __init__(self, connection, fresh, rng):
        self.connection = connection
        self.rng = rng
        self.topics = [f"livetiming.public.{fresh}.{number}" for number in range(3)]
        self.procedures = [f"livetiming.rpc.session.{fresh}.{number}" for number in range(3)]
        self.listeners = []
        self.answering = {}

    def step(self):
        self.rng.choice([self.listen, self.stop_listening, self.register, self.unregister])()

    def listen(self):
        if len(self.listeners) < 8:
            self.listeners.append(Listener(self.connection, self.rng.choice(self.topics)))

    def stop_listening(self):
        if self.listeners:
            self.listeners.pop(self.rng.randrange(len(self.listeners))).stop()

    def register(self):
        procedure = self.rng.choice(self.procedures)
        if procedure not in self.answering:
            kept = self.connection.register(procedure, lambda: procedure, shared=True)
            self.answering[procedure] = kept

    def unregister(self):
        if self.answering:
            procedure = self.rng.choice(sorted(self.answering))
            self.answering.pop(procedure).stop()


@pytest.mark.parametrize("seed", range(3))
def test_and_in_the_end_what_was_begun_is_there_and_nothing_else(net, fresh, said, seed):
    rng = Random(seed)
    one, other = net.connect(), net.connect()
    joins = []
    net.do(other.on_join, lambda: joins.append(1))
    player = Player(other, fresh, rng)

    def steps():
        for topic in player.topics:
            one.publish(topic, "meanwhile")
        for _ in range(rng.randint(1, 6)):
            player.step()

    for _ in range(STEPS // 4):
        net.do(steps)
    net.until(lambda: all(listener.ready for listener in player.listeners), "the listeners")
    net.settle(other)
    for topic in player.topics:
        net.do(one.publish, topic, "last")
    net.settle(one, other)
    net.until(lambda: all(("last",) in listener for listener in player.listeners), "the last")
    for procedure in player.procedures:
        wanted = procedure if procedure in player.answering else "wamp.error.no_such_procedure"
        net.until(lambda p=procedure, w=wanted: answer(net, one, p) == w, wanted)
    assert joins == [1]
    assert [text for level, _, text in said if level in {"error", "critical"}] == []
