"""What was seen of a world from outside: what was on which disk when, and what was said of it."""

import hashlib

from livetiming.events.log.lines import GENESIS, MARK_START, SNAPSHOT_START, link, read_head
from livetiming.network.names import ANNOUNCE


class Witness:
    """Watches disks and wires.

    Attributes:
        durable: the chains that were on a service's disk for good, with their line's number.
        recorded: those that were on the dvr's.
        published: the chains that were said on air: when, by which machine, of which session.
        confirmed: the chains that the dvr called recorded, and when first.
        wrong: what must not be.
    """

    def __init__(self, time, dvr_machine):
        self._time = time
        self._dvr_machine = dvr_machine
        self.durable = {GENESIS: 0}
        self.recorded = {GENESIS}
        self.published = {}
        self.confirmed = {}
        self.wrong = []
        self.failures = []
        self.seals = 0
        self.on_air = set()
        """Who ever announced a session of its own."""
        self.asks = {}
        self.disk_changed_at = 0.0
        self.story = None
        """Where every message goes, for one who looks at a single world."""
        self._digest = hashlib.blake2b(digest_size=16)

    def digest(self):
        """Of all messages of the world, in order."""
        return self._digest.hexdigest()

    def say(self, *words):
        """Something befell the world."""
        self._digest.update(repr(words).encode())
        if self.story is not None:
            self.story(f"{self._time.seconds():9.3f} {' '.join(map(str, words))}")

    def fail(self, what):
        self.say("WRONG", what)
        if len(self.wrong) < 20:
            self.wrong.append(f"{self._time.seconds():.3f} {what}")

    # --- disks

    def synced(self, machine, path, inode):
        """A growing log's tail became durable."""
        content = inode.durable
        offset, seq, chain = getattr(inode, "told", None) or (0, 0, GENESIS)
        if offset > len(content):
            offset, seq, chain = 0, 0, GENESIS
        end = content.rfind(b"\n") + 1
        is_dvr = machine.name == self._dvr_machine and path.parent.name != "state"
        for line in content[offset:end].split(b"\n")[:-1]:
            if line.startswith(SNAPSHOT_START):
                head = read_head(line)
                seq, chain = head.seq, head.chain
            elif not line.startswith(MARK_START):
                seq, chain = seq + 1, link(chain, line)
                self._keep(chain, seq, path, is_dvr=is_dvr)
        inode.told = (end, seq, chain)

    def _keep(self, chain, seq, path, *, is_dvr):
        if not is_dvr:
            self.durable[chain] = seq
            return
        if chain not in self.durable:
            self.fail(f"the dvr has line {seq} in {path.name}, which was on no service's disk")
        if chain not in self.recorded:
            self.recorded.add(chain)
            self.disk_changed_at = self._time.seconds()

    # --- wires

    def told(self, kind, sender, name, args):
        """A message passed the router, or was sent to it."""
        self._digest.update(f"{self._time.seconds()!r}{kind}{sender}{name}{args!r}".encode())
        if self.story is not None:
            self.story(f"{self._time.seconds():9.3f} {kind} {sender} {name} {_short(args)}")
        if kind == "event":
            if name.endswith(".events"):
                self._published(sender, name, *args)
            elif name.endswith(".recorded"):
                self._confirmed(name, *args)
            elif name == ANNOUNCE and '"status":"retained"' not in args[0]:
                self.on_air.add(sender)
        elif kind == "call":
            self.asks[sender] = self.asks.get(sender, 0) + 1

    def _published(self, sender, name, writer, first, chain, lines, *_):
        at, machine = self._time.seconds(), sender.partition("/")[0]
        session, chain, seq = name.split(".")[3], bytes.fromhex(chain), first - 1
        if chain not in self.durable:
            self.fail(f"{sender} speaks of line {seq}, which is on no disk")
        if not lines:
            return
        for line in lines.encode()[:-1].split(b"\n"):
            seq, chain = seq + 1, link(chain, line)
            if chain not in self.durable:
                self.fail(f"{sender} publishes line {seq}, which is on no disk")
            self.published.setdefault(chain, (at, machine, session, writer, seq))

    def _confirmed(self, name, writer, seq, chain, status):
        chain = bytes.fromhex(chain)
        if chain not in self.recorded:
            self.fail(f"line {seq} of {writer} is called recorded, and is not on the dvr's disk")
        self.confirmed.setdefault(chain, (self._time.seconds(), name.split(".")[3], seq))


def _short(args):
    text = repr(args)
    return text if len(text) < 300 else f"{text[:280]}… ({len(text)})"
