"""Parts of the production modules as they would be without one of the rules of delivery."""

from twisted.internet.task import deferLater

from livetiming.components.dvr import files, recording
from livetiming.events.log import opening
from livetiming.network import replica
from livetiming.network import said as saying
from livetiming.network.follow import replica as followed
from livetiming.network.names import events_procedure, events_topic, snapshot_procedure
from livetiming.network.wire import write_answer
from livetiming.services import again, keeper, on_air, stock
from livetiming.services.keeper import _Stage
from tests.simulation import watcher as watchers


def nothing(*args, **kwargs):
    return None


def true(*args, **kwargs):
    return True


def false(*args, **kwargs):
    return False


# --- followers


def newest_ever(self, now):
    return max(self._at, default=None)


def one_writer(read):
    def read_without_writer(what):
        return read(what)._replace(writer=1)

    return read_without_writer


def ask_then_subscribe(self):
    """Subscribe when the snapshot is there."""
    follower, subscribed = self.follower, self.follower.subscribed
    if not self._connection.joined:
        self._reactor.callLater(1.0, ask_then_subscribe, self)
        return

    def then_subscribe(result):
        if self._kept is None:
            topic = events_topic(self._session)
            self._kept = self._connection.subscribe(topic, self._heard, ready)
        return result

    def ready():
        self._set_alarm()
        self._kept.ready = self._subscribed
        follower.subscribed = subscribed

    ask = subscribed(self._reactor.seconds())
    called = self._connection.call(snapshot_procedure(self._session), None)
    called.addCallbacks(self._answered, self._failed, callbackArgs=(ask,), errbackArgs=(ask,))
    called.addBoth(then_subscribe)


def watch_without_attempt(self, session):
    """The answer to the viewer before is shown by the one after."""
    old = self.viewer
    _FOLLOW(self, session)
    if old is not None:
        old.follower, old._reactor = self.follower, self.world.time


_FOLLOW = watchers.Watcher.follow


def take_any(self, writer, snapshot, *, least_seq):
    self._session = followed.read_head(snapshot).session
    return _TAKE(self, writer, snapshot, least_seq=least_seq)


_TAKE = followed.Replica.take


# --- services


def publish_first(self):
    """As `Keeper.poke`, with the audience told before the disk has it."""
    if self._stage is not _Stage.OPEN or self._writer is None:
        return
    group = self._writer.take()
    if group is None:
        self._taken()
        self._tell_drained(well=True)
        return
    self._audience.durable(group.lines)
    self._stage = _Stage.WRITING
    committing = self._world.in_thread(self._writer.commit, group)
    silent = group._replace(lines=b"")
    committing.addCallbacks(self._committed, self._failed, callbackArgs=(silent,))
    committing.addErrback(self._crashed)


def keep_unsynced(self):
    """As `Keeper.poke`; what the disk does not have yet is kept for answers."""
    if self._stage is _Stage.OPEN and self._writer is not None:
        self._audience.unsynced = list(self._writer._lines)
    _POKE(self)


def answer_unsynced(self, *args):
    """As `OnAir._events`, but speaks of what the disk does not have yet, too."""
    with on_air.refusing():
        answer = self.served.answer(*args)
    following = answer.from_seq + len(answer.lines) == self.served.next_seq
    more = tuple(getattr(self, "unsynced", ())) if following else ()
    head = [int(line.split(b",", 1)[0].removeprefix(b'{"seq":')) for line in more[:1]]
    if head == [answer.next_seq]:
        following = answer.next_seq + len(more)
        answer = answer._replace(lines=answer.lines + more, next_seq=following)
    return write_answer(answer)


_POKE = keeper.Keeper.poke


def writer_of_time(world, newest):
    return max(world.wall_clock(), (newest or 0) + 1)


def resumed_without_writer(*args, **kwargs):
    return _RESUMED(*args, **kwargs).__class__(again.FeedStatus.RESUMED, "restart")


_RESUMED = again.resumed


async def no_stay(self, session, least_s):
    """The process ends with its session."""
    self.close(session)
    self._world.reactor.callLater(0, self._host.newer.__self__.stop)


async def no_hand_over(self, keeper):
    keeper.write_no_more()
    await keeper.drained()
    keeper.close()
    return True


class _NoSync:
    """A disk on which files are opened and not synced."""

    def __init__(self, disk):
        self._disk = disk

    def __getattr__(self, name):
        return getattr(self._disk, name)

    def append(self, path):
        file = self._disk.append(path)
        file.sync = nothing
        return file

    def sync_folder(self, path):
        return None


def mend_without_sync(disk, found):
    return _MEND(_NoSync(disk), found)


_MEND = opening.mend


# --- dvr


def fits_always(chains, said):
    return saying.Fit.AHEAD if said.before > chains.seq else saying.Fit.OK


def recorded_at_once(self, source):
    branch = source.liar or source.branch
    if branch is None:
        return None, 0, replica.GENESIS
    seq = min(branch.chains.seq, source.proved)
    return branch, seq, branch.chains.after(seq) or replica.GENESIS


def answered_cutting(self, source, said, is_all):
    """Follow the newest writer by beginning anew with its history."""
    branch = source.branch or self.replica._longest(source)
    newest = source.writer == self.replica.newest_writer
    if branch is None or not branch.ready or not newest:
        _ANSWERED(self, source, said, is_all)
        return
    if replica.fit(branch.chains, said) is not saying.Fit.CLASH:
        _ANSWERED(self, source, said, is_all)
        return
    branch.load(saying.Chains(), None)
    for each in self.replica.sources.values():
        each.branch, each.proved, each.doubted = branch, 0, None
    self.histories[branch.number].remove()


_ANSWERED = recording.Recording._answered


async def no_stock(self):
    await deferLater(self._world.reactor, 0.0)
    return stock.Stock(0, 0)


def believe_all(self, said):
    self.seq = max(self.seq or 0, said.seq)
    self._on_recorded()


def public_address(session, writer):
    return events_procedure(session)


class _NoFolderSync:
    def __init__(self, disk):
        self._disk = disk

    def __getattr__(self, name):
        return getattr(self._disk, name)

    def sync_folder(self, path):
        return None


def seal_without_folder(disk, source, target, **more):
    return _SEAL(_NoFolderSync(disk), source, target, **more)


_SEAL = files.seal_log


def rank_by_writer(self, history):
    branch = history.branch
    return True, branch.writer or 0, branch.durable
