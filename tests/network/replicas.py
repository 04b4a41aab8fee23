"""True histories of a session, and a replica that hears of them in any order, at times twice."""

from random import Random

from livetiming.events import SessionId
from livetiming.events.log.lines import GENESIS, link
from livetiming.network.replica import MAX_HISTORIES, Replica
from livetiming.network.said import Said, walk

SESSION = SessionId("5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b")
DESCRIBED = (
    '{"seq":1,"at":1000,"type":"described","session":"%s","writer":%d,"name":"WEC",'
    '"description":"Race","class":"rmonitor","key":null,"kind":"race","columns":[],"track":[],'
    '"hidden":false,"do_not_record":%s,"analysis":false,"rate":1,"versions":{"livetiming":"0.1.0"}}'
)
POSTED = '{"seq":%d,"at":%d,"type":"posted","category":"Pits","text":"%s","origin":"derived"}'
RESUMED = (
    '{"seq":%d,"at":%d,"type":"feed","status":"resumed","writer":%d,"previous":[1,1],"adopted":0}'
)


class True_:  # noqa: N801
    """One history as its writer has it."""

    def __init__(self, writer, lines=()):
        self.writer = writer
        self.lines, self.chains = [], [GENESIS]
        for line in lines:
            self.take(line)

    def take(self, line):
        self.lines.append(line)
        self.chains.append(link(self.chains[-1], line))

    @property
    def n(self):
        return len(self.lines)

    def describe(self, do_not_record="false"):
        self.take((DESCRIBED % (SESSION, self.writer, do_not_record)).encode())

    def post(self, text):
        self.take((POSTED % (self.n + 1, 1000 + self.n, text)).encode())

    def resumed(self, writer, at):
        """What another writer makes of the first lines of it."""
        other = True_(writer, self.lines[:at])
        other.take((RESUMED % (at + 1, 1000 + at, writer)).encode())
        return other

    def said(self, first, last):
        """Its lines from one to another, as it publishes them."""
        chain = self.chains[first - 1]
        return walk(SESSION, self.writer, first, chain, self.lines[first - 1 : last])

    def beacon(self, last=None):
        last = self.n if last is None else last
        return Said(self.writer, last, self.chains[last])

    def answer(self, wanted, limit=500):
        first = min(wanted, self.n + 1)
        return self.said(first, min(self.n, first + limit - 1))


class Copies:
    """A replica, and the lines of its histories as a disk would have them."""

    def __init__(self):
        self.replica = Replica(SESSION)
        self.lines = {}

    def _keep(self, taken):
        for branch in self.replica.branches.values():
            branch.ready = not branch.refused
            self.lines.setdefault(branch.number, [])
        if taken is not None:
            self.lines[taken.branch.number] += [step.line for step in taken.steps]

    def hear(self, said):
        self._keep(self.replica.hear(said))
        self.attach()

    def attach(self):
        for source in self.replica.sources.values():
            self._keep(self.replica.attach(source))

    def answered(self, true, limit=500):
        """The writer's own log is asked."""
        source = self.replica.source(true.writer)
        said = true.answer(self.replica.wanted(source), limit)
        self._keep(self.replica.answered(source, said, is_all=said.end == true.n))
        self.attach()

    def sync(self, number):
        branch = self.replica.branches[number]
        branch.durable = branch.chains.seq

    def fail(self, number):
        """The disk loses what was not durable."""
        branch = self.replica.branches[number]
        del self.lines[number][branch.durable :]
        self.replica.reset(branch)

    def check(self, truths):
        """Each history is the beginning of a true one, and nobody is told more than that."""
        for number, branch in self.replica.branches.items():
            lines = self.lines.get(number, [])
            assert len(lines) == branch.chains.seq
            assert any(true.lines[: len(lines)] == lines for true in truths), number
        for source in self.replica.sources.values():
            if source.liar is None:
                branch, seq, chain = self.replica.recorded(source)
                true = next(true for true in truths if true.writer == source.writer)
                assert branch is None or seq <= branch.durable
                assert true.chains[seq] == chain


def settle(copies, truths, limit=500):
    """Ask until nobody has more."""
    for _ in range(2000):
        lacking = [t for t in truths if copies.replica.needs(copies.replica.source(t.writer))]
        if not lacking:
            return
        for true in lacking:
            copies.answered(true, limit)
    raise AssertionError("never settles")


def random_truths(rng: Random):
    """A few histories of a session, each of which may begin as another."""
    first = True_(1_000)
    first.describe()
    for _ in range(rng.randrange(0, 12)):
        first.post(f"{rng.getrandbits(20)}")
    truths = [first]
    for number in range(rng.randrange(0, MAX_HISTORIES - 1)):
        old = rng.choice(truths)
        new = old.resumed(2_000 + 1_000 * number, rng.randrange(1, old.n + 1))
        for _ in range(rng.randrange(0, 8)):
            new.post(f"{rng.getrandbits(20)}")
        truths.append(new)
    return truths


def random_history(seed):
    """One life of a replica; gives how it ended."""
    rng = Random(seed)
    truths = random_truths(rng)
    copies, said = Copies(), []
    for _ in range(rng.randrange(5, 60)):
        true = rng.choice(truths)
        what = rng.randrange(10)
        if what < 5:
            first = rng.randrange(1, true.n + 1)
            message = true.said(first, rng.randrange(first, min(true.n, first + 4) + 1))
            said.append(message)
            copies.hear(message)
        elif what == 5:
            copies.hear(true.beacon(rng.randrange(true.n + 1)))
        elif what == 6 and said:
            copies.hear(rng.choice(said))
        elif what == 7:
            copies.hear(true.beacon())
            copies.answered(true, rng.randrange(1, 6))
        elif copies.replica.branches:
            number = rng.choice(list(copies.replica.branches))
            (copies.sync if rng.random() < 0.7 else copies.fail)(number)
        copies.check(truths)
    for true in truths:
        copies.hear(true.beacon())
    settle(copies, truths, rng.randrange(1, 6))
    copies.check(truths)
    return copies, truths


__all__ = ["DESCRIBED", "SESSION", "Copies", "True_", "random_history", "settle"]
