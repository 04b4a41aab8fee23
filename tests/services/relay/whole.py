"""Two whole systems on one machine, each with its own folder and router; one relays the other's."""

from livetiming.network.names import LIST
from livetiming.network.wamp import connect
from livetiming.network.wire import read_listing
from tests.cli.programs import wait_for
from tests.network.running import in_reactor, reactor_in_thread
from tests.services.relay.stage import lines_of
from tests.system.comparing import is_recorded, recording_of, shows_the_same
from tests.system.parts import Part
from tests.system.running import SESSION, System


class Relaying(System):
    """Router, directory, dvr, and a relay in place of a service.

    Args:
        folder: where all of them run.
        far: the other system.
        args: of the relay.
    """

    def __init__(self, folder, far, *args):
        folder.mkdir()
        super().__init__(folder)
        self.far = far
        command = ("livetiming-service", "relay", f"--url={far.router.url}", "--linger=1")
        command += ("-v", *args)
        self.service = Part("relay", folder, self.environment, command)

    @property
    def log(self):
        """The relay's own."""
        return self.folder / "livetiming-data" / "state" / SESSION

    @property
    def seq(self):
        return len(lines_of(self.log)) if self.log.with_name(f"{SESSION}.jsonl").exists() else 0

    def catches_up(self, patience_s=90):
        """Wait until it has what there is now at the other side."""
        end = self.far.service.seq
        wait_for(
            lambda: self.has(end), f"{end} lines here; {self.service.said[-2000:]}", patience_s
        )
        return end

    def has(self, count):
        try:
            return self.seq >= count
        except Exception:  # it is being written, or not begun
            return False

    def lists(self, session=SESSION):
        """Wait until our directory lists a session."""
        wait_for(lambda: session in listed(self.router.url), "a session in the directory", 60)


def listed(url):
    """What a stranger is told to be on the air, by session."""

    def ask():
        reactor = reactor_in_thread()
        connection = connect(reactor, url, lambda: None, _Dice, anonymous=True)
        from twisted.internet.defer import Deferred

        asked = Deferred()
        connection.on_join(lambda: connection.call(LIST).chainDeferred(asked))
        asked.addTimeout(15, reactor)
        asked.addBoth(lambda result: connection.close().addCallback(lambda _: result))
        return asked

    try:
        return {each.session: each for each in read_listing(in_reactor(ask)).sessions}
    except Exception:  # a router that is away, or no directory yet
        return {}


class _Dice:
    @staticmethod
    def uniform(low, high):
        return (low + high) / 2


def both_recorded(far, near, watchers):
    """Close the session there, and see that both systems have recorded the very same.

    Returns: how many lines that are.
    """
    far.close()
    theirs = recording_of(far.folder, SESSION)
    lines = is_recorded(far.service.log, theirs)
    ours = recording_of(near.folder, SESSION, lines)
    assert is_recorded(far.service.log, ours) == lines
    assert lines_of(ours) == lines_of(theirs)
    for watcher in watchers:
        wait_for(lambda watcher=watcher: watcher.seq == lines, "a viewer at the end", 60)
    shows_the_same(far.service.log, ours, watchers)
    for system in (far, near):
        system.check_said()
    return lines
