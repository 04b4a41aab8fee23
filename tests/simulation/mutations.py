"""The rules of delivery, each taken out of the production modules in turn: worlds must notice."""

import contextlib
from typing import NamedTuple
from unittest import mock

from livetiming.components.dvr import files, pull, recording
from livetiming.events.log import opening
from livetiming.network import replica, viewer
from livetiming.network.follow import asking, follower, heard
from livetiming.network.follow import replica as followed
from livetiming.services import air, confirmed, host, keeper, logs, on_air, retained, stock
from tests.simulation import watcher as watchers
from tests.simulation import without


class Mutation(NamedTuple):
    """A rule that is taken out.

    Args:
        name: as docs and DELIVERY's table call it.
        scenarios: in which it must show.
        seeds: so many of each are enough.
        changes: what is in place of what: owner, attribute, replacement.
        soft: whether it shows only in what is counted.
    """

    name: str
    scenarios: tuple[str, ...]
    seeds: int
    changes: tuple[tuple[object, str, object], ...]
    soft: bool = False

    @contextlib.contextmanager
    def applied(self):
        with contextlib.ExitStack() as stack:
            for owner, attribute, replacement in self.changes:
                stack.enter_context(mock.patch.object(owner, attribute, replacement))
            yield


_LIST = (
    Mutation("beacon", ("calm",), 16, ((on_air.OnAir, "beacon", without.nothing),)),
    Mutation(
        "hole repair",
        ("noise", "partition"),
        8,
        (
            (follower.Follower, "_is_behind", without.false),
            (replica.Replica, "needs", without.false),
        ),
    ),
    Mutation(
        "publish before sync", ("calm",), 2, ((keeper.Keeper, "poke", without.publish_first),)
    ),
    Mutation(
        "no writer",
        ("oldcopy", "twins"),
        16,
        (
            (viewer, "read_message", without.one_writer(viewer.read_message)),
            (viewer, "read_snapshot", without.one_writer(viewer.read_snapshot)),
            (viewer, "read_answer", without.one_writer(viewer.read_answer)),
        ),
    ),
    Mutation(
        "snapshot before subscribe",
        ("calm",),
        120,
        ((viewer.Viewer, "start", without.ask_then_subscribe),),
    ),
    Mutation(
        "dvr does not compare the chain",
        ("oldcopy", "twins"),
        16,
        ((replica, "fit", without.fits_always),),
    ),
    Mutation(
        "answers from unsynced",
        ("noise",),
        48,
        (
            (keeper.Keeper, "poke", without.keep_unsynced),
            (on_air.OnAir, "_events", without.answer_unsynced),
        ),
    ),
    Mutation(
        "no sync on opening",
        ("noise", "blackout"),
        60,
        ((opening, "mend", without.mend_without_sync),),
    ),
    Mutation("second history refused", ("oldcopy", "twins"), 16, ((replica, "MAX_HISTORIES", 1),)),
    Mutation(
        "dvr cuts back",
        ("oldcopy", "twins"),
        16,
        ((recording.Recording, "_answered", without.answered_cutting),),
    ),
    Mutation("no fence", ("twins",), 30, ((on_air.OnAir, "_fence", without.nothing),)),
    Mutation(
        "no handing over", ("twins",), 30, ((logs.Logs, "handed_over", without.no_hand_over),)
    ),
    Mutation(
        "no retained logs", ("endsdown",), 20, ((retained.Retained, "_look", without.nothing),)
    ),
    Mutation("no linger", ("endsdown", "noise"), 30, ((air.Air, "stay", without.no_stay),)),
    Mutation(
        "dvr asks the address it answers",
        ("endsdown",),
        20,
        ((pull, "log_procedure", without.public_address),),
    ),
    Mutation(
        "recorded before sync",
        ("noise",),
        8,
        ((replica.Replica, "recorded", without.recorded_at_once),),
    ),
    Mutation(
        "seal: remove before folder sync",
        ("endsdown",),
        120,
        ((files, "seal_log", without.seal_without_folder),),
    ),
    Mutation(
        "silence does not ask",
        ("gone", "handover"),
        90,
        ((follower.Follower, "_is_silent", without.false),),
    ),
    Mutation(
        "writer never expires", ("twins",), 60, ((heard.Heard, "newest", without.newest_ever),)
    ),
    Mutation(
        "served by newest writer",
        ("twins",),
        60,
        ((recording.Recording, "_rank", without.rank_by_writer),),
    ),
    Mutation(
        "answers not bound to the attempt",
        ("change",),
        60,
        (
            (asking.Asking, "end", without.true),
            (followed.Replica, "take", without.take_any),
            (watchers.Watcher, "follow", without.watch_without_attempt),
        ),
    ),
    Mutation(
        "resumed without writer",
        ("oldcopy", "noise"),
        30,
        ((host, "resumed", without.resumed_without_writer),),
    ),
    Mutation(
        "no random in writer",
        ("clock",),
        120,
        (
            (host, "new_writer", without.writer_of_time),
            (keeper, "new_writer", without.writer_of_time),
        ),
    ),
    Mutation(
        "contradiction not acted on",
        ("rollback",),
        16,
        ((host.TimingService, "_contradicted", without.nothing),),
    ),
    Mutation(
        "take stock", ("oldcopy",), 16, ((stock.StockTaking, "take", without.no_stock),), soft=True
    ),
    Mutation(
        "recorded without chain",
        ("twins",),
        16,
        ((confirmed.Confirmed, "_compare", without.believe_all),),
        soft=True,
    ),
    Mutation(
        "back-off reset", ("noise",), 16, ((asking.Asking, "reset", without.nothing),), soft=True
    ),
)

MUTATIONS = {mutation.name: mutation for mutation in _LIST}
