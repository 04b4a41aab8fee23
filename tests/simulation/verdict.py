"""Whether a world ended right: nothing lost that was promised, and everybody sees the same."""

from livetiming.errors import LogError, NoLog
from livetiming.events.log.fold import TIMING
from livetiming.events.log.folded import at_snapshot
from livetiming.events.log.lines import GENESIS, read_head
from livetiming.events.log.paths import growing_of
from livetiming.events.state import canonical
from livetiming.network.names import snapshot_procedure
from livetiming.network.wire import read_snapshot
from tests.simulation.world import RECORDINGS, STATE, TEMP, read_log


class Verdict:
    """What is to be said of a world's end.

    Attributes:
        wrong: what must not be.
        counts: what may be, and is counted.
    """

    def __init__(self, world):
        self._world = world
        self.wrong = []
        self.counts = {
            "forked": 0,
            "lost": 0,
            "aside": 0,
            "recorded": 0,
            "ahead": 0,
            "mixed": 0,
            "unnoticed": 0,
        }
        self._kept = {}
        self._dvr = {}
        self._read_all()
        self._judge_recordings()
        self._judge_published()
        self._judge_viewers()

    def _fail(self, what):
        self.wrong.append(what)

    # --- disks

    def _read_all(self):
        for name, machine in self._world.machines.items():
            for path in _logs(machine.disk):
                try:
                    chains = read_log(machine.disk, path)
                except NoLog:
                    continue
                except LogError as error:
                    self._fail(f"{name}: {error}")
                    continue
                if path.parent in (TEMP, RECORDINGS):
                    self._dvr[path] = chains
                else:
                    self._kept[name, path] = chains
        if sum(path.parent == TEMP for path in self._dvr) > 1:
            self.counts["forked"] += 1

    def _judge_recordings(self):
        world, witness = self._world, self._world.witness
        recorded = set().union({GENESIS}, *self._dvr.values())
        self.counts["recorded"] = len(recorded) - 1
        for path, chains in self._dvr.items():
            strange = [seq for chain, seq in chains.items() if chain not in witness.durable]
            if strange:
                self._fail(f"{path.name} has lines {strange[:3]} that no service wrote")
        lost_at = world.machines["dvr"].lost_at or 0.0
        for chain, (at, _, seq) in witness.confirmed.items():
            if chain not in recorded and at > lost_at:
                self._fail(f"line {seq}, called recorded at {at:.3f}, is in no recording")
        for (name, path), chains in self._kept.items():
            if path.parent == STATE and (world.live(name) or name in world.left):
                missing = sorted(seq for chain, seq in chains.items() if chain not in recorded)
                if missing:
                    first, last = missing[0], missing[-1]
                    self._fail(f"{name} serves {first}-{last} of {path.stem}; not recorded")

    def _judge_published(self):
        world = self._world
        kept = set().union(*self._dvr.values(), *self._kept.values())
        at_hand = [c for (name, _), c in self._kept.items() if world.live(name)]
        recorded = set().union(*self._dvr.values())
        for chain, (at, name, session, _, seq) in world.witness.published.items():
            if chain in recorded:
                continue
            if chain in kept:
                self.counts["aside"] += 1
                continue
            lost_at = world.machines[name].lost_at
            if lost_at is None or lost_at < at:
                self._fail(f"line {seq} of {session[:6]}, published at {at:.3f}, is nowhere")
            else:
                self.counts["lost"] += 1
        self._present = recorded.union(*at_hand)

    # --- viewers

    def _judge_viewers(self):
        sessions = dict.fromkeys(watcher.session for watcher in self._world.watchers)
        answers = {session: self._served(session) for session in sessions}
        self.counts["mixed"] = sum(watcher.mixed for watcher in self._world.watchers)
        for watcher in self._world.watchers:
            self._judge_viewer(watcher, answers[watcher.session])

    def _served(self, session):
        """What whoever answers for a session gives a new viewer."""
        world, found = self._world, []
        probe = world.router.connect("probe/probe")
        world.router.leg(
            probe.session,
            lambda: probe.call(snapshot_procedure(session), None).addBoth(found.append),
        )
        world.run(world.time.seconds() + 2)
        probe.close()
        return read_snapshot(found[0]) if found and isinstance(found[0], str) else None

    def _judge_viewer(self, watcher, served):
        follower = watcher.follower
        if served is None:
            if any(chains for chains in self._dvr.values()):
                self._fail(f"{watcher.name}: nobody answers for {watcher.session}")
            return
        head = read_head(served.snapshot)
        if follower.chain == head.chain:
            if canonical(follower.state) != canonical(at_snapshot(served.snapshot, TIMING).state):
                self._fail(f"{watcher.name} shows another state than is served")
        elif self._is_lost(follower.chain):
            self.counts["ahead"] += 1
        elif self._is_unnoticed(watcher):
            self.counts["unnoticed"] += 1
        else:
            shown = f"line {follower.seq} of {follower.writer}"
            self._fail(f"{watcher.name} shows {shown}, {head.seq} of {served.writer} is served")

    def _is_lost(self, chain):
        """Whether a viewer still shows what nobody has any more, or nobody who is there."""
        return chain in self._world.witness.durable and chain not in self._present

    def _is_unnoticed(self, watcher):
        """Whether a machine was rolled back behind lines that nobody but a browser saw.

        Writer and numbers are the same, the dvr has only what came after, and browsers compute no
        chain: the one viewer who has the lines that vanished cannot tell.
        """
        never_forked = self.counts["lost"] and not self.counts["forked"]
        return self._world.may_mix and not watcher.proves and never_forked


def _logs(disk):
    """One name of each log on a disk."""
    found = {}
    for path in disk.names:
        if path.parent == RECORDINGS and path.name.endswith(".jsonl.zst"):
            found[path] = path
        elif path.parent != RECORDINGS and path.name.endswith((".jsonl", ".jsonl.zst")):
            tail = growing_of(path).tail
            found[tail] = tail
    return list(found)


def agree_s(world):
    """How long it took after the last fault and the last line, until nothing changed any more."""
    lines = max((at for at, *_ in world.witness.published.values()), default=0.0)
    changed = max([world.witness.disk_changed_at, *[w.changed_at for w in world.watchers]])
    return max(0.0, changed - max(lines, world.faults_end_at))
