"""What befalls worlds: each scenario plans one, and says when the last of it has happened."""

from tests.simulation.faults import (
    HOUR_MS,
    announce_only,
    anything,
    copy_and_resume,
    cut_somebody,
    dvr_dies,
    end_of,
    loss,
    one_on_air,
    service_dies,
    start,
    step_clock,
)
from tests.simulation.world import TEMP


def calm(world):
    """No fault at all: who comes when the session is there asks once, as long as order is kept."""
    world.router.ordered = True
    start(world, from_at=4.0)
    return end_of(world)


def noise(world):
    """Its own log, and everything dies now and then."""
    end = start(world)
    loss(world)
    anything(world, 0.9 * end)
    return end_of(world)


def oldcopy(world):
    """An older copy of the log is resumed, with the dvr there or away."""
    rng = world.rng
    start(world)
    loss(world)
    copy_and_resume(world, dvr_away=rng.random() < 0.5, aside=rng.random() < 0.5)
    return end_of(world)


def disklost(world):
    """The service's machine is gone; the dvr's copy of its log goes on elsewhere."""
    rng = world.rng
    start(world)
    loss(world)
    lost_at, away_s = rng.uniform(25, 90), rng.uniform(5, 40)
    forever = rng.random() < 0.5
    dvr_away = rng.random() < 0.4
    if dvr_away:
        world.at(lost_at - rng.uniform(1, 15), world.kill_dvr)

    def lose():
        world.kill_services("a")
        if forever:
            world.lose_disk("a")

    def go_on():
        files = {
            path: content
            for path, content in world.files_of("dvr", TEMP).items()
            if "~" not in path.name and path.name.startswith(world.session)
        }
        world.put_files("b", files)
        world.restart_service("b")
        world.start_dvr()

    world.at(lost_at, lose)
    world.at(lost_at + away_s, go_on)
    if not forever:
        world.at(lost_at + away_s + rng.uniform(5, 60), announce_only, world, "a")
    return end_of(world)


def twins(world):
    """Two instances of one session: forced, or behind a partition; one may die young."""
    rng = world.rng
    start(world)
    loss(world)
    copied_at = rng.uniform(10, 100)
    second_at = copied_at + rng.uniform(0.5, 60)
    apart = rng.random() < 0.5
    kept = {}
    world.at(copied_at, lambda: kept.update(world.files_of("a")))
    if apart:
        world.at(
            second_at - rng.uniform(0, 10),
            lambda: [
                world.cut(p.connection, rng.uniform(10, 60), half_open=rng.random() < 0.5)
                for p in world.live("a")
            ],
        )

    def second():
        world.put_files("b", kept)
        world.restart_service("b", take_over=True)

    world.at(second_at, second)
    if rng.random() < 0.5:
        dies_at = second_at + rng.uniform(0.2, 20)
        world.at(dies_at, world.kill_services, rng.choice("ab"))
    # who died or stopped is started again by an operator: one of them is on air at the end
    world.at(second_at + rng.uniform(40, 60), one_on_air, world)
    return end_of(world)


def partition(world):
    """Service, dvr or a viewer is cut off, perhaps without knowing it."""
    rng = world.rng
    end = start(world)
    loss(world)
    last = 0.0
    for _ in range(rng.choice((1, 2, 3))):
        at, seconds = rng.uniform(5, end), rng.choice((rng.uniform(2, 30), rng.uniform(2, 180)))
        cut_somebody(world, at, seconds, half_open=rng.random() < 0.5)
        last = max(last, at + seconds)
    return end_of(world)


def endsdown(world):
    """The session ends while the dvr is down, and the service's process is killed."""
    rng = world.rng
    end = start(world, finishes=True)
    loss(world)
    down_at = end - rng.uniform(1, 30)
    world.at(down_at, world.kill_dvr)
    killed_at = end + rng.uniform(0.3, 20)
    world.at(killed_at, world.kill_services, "a")
    dvr_at = max(down_at + 1, killed_at + rng.uniform(-5, 30))
    world.at(dvr_at, world.start_dvr)
    next_at = killed_at + rng.uniform(1, 30)
    world.at(next_at, announce_only, world, "a")
    last = max(dvr_at, next_at)
    if rng.random() < 0.6:
        lost_at = dvr_at + rng.uniform(1, 15)
        dvr_dies(world, lost_at, rng.uniform(1, 10))
        last = max(last, lost_at + 14)
    if rng.random() < 0.5:  # it is sealed by then, or is being sealed
        again_at = last + rng.uniform(3, 12)
        world.at(again_at, world.lose_power, "dvr")
        world.at(again_at + rng.uniform(1, 5), world.start_dvr)
    return end_of(world)


def gone(world):
    """The service's machine is gone for ever, and events were dropped before."""
    rng = world.rng
    end = start(world, finishes=False)
    loss(world, 0.1)
    lost_at = rng.uniform(20, 0.8 * end)
    world.at(lost_at, world.lose_disk, "a")
    return end_of(world)


def handover(world):
    """The service is away for a while, viewers join meanwhile; it comes back, or not."""
    rng = world.rng
    start(world, viewers=2)
    loss(world)
    at, away_s = rng.uniform(20, 90), rng.uniform(20, 70)
    back = rng.random() < 0.7
    service_dies(world, at, away_s if back else None)
    for _ in range(2):
        world.at(at + rng.uniform(0, away_s), world.watch)
    return end_of(world)


def change(world):
    """Four sessions follow each other, and viewers change with them."""
    rng = world.rng
    end = start(world, sessions=4, viewers=0, finishes=True)
    loss(world)
    world.at(rng.uniform(0.1, 1), lambda: [world.watch() for _ in range(4)])
    world.follow_changes(3.0)
    if rng.random() < 0.5:
        service_dies(world, rng.uniform(5, end), rng.uniform(0.5, 10))
    if rng.random() < 0.5:
        dvr_dies(world, rng.uniform(5, end), rng.uniform(0.5, 10))
    return end_of(world)


def blackout(world):
    """Service, dvr and router lose their power together."""
    rng = world.rng
    end = start(world)
    loss(world)
    at = 0.0

    def dark(seconds):
        world.lose_power("a")
        world.lose_power("dvr")
        world.kill_router(seconds)
        now = world.time.seconds()
        world.at(now + world.rng.uniform(0, 5), world.start_dvr)
        world.at(now + world.rng.uniform(0, 5), world.restart_service, "a")

    for _ in range(rng.choice((1, 2, 3))):
        at = max(at + 12, rng.uniform(5, 0.9 * end))
        world.at(at, dark, rng.uniform(0.5, 8))
    return end_of(world)


def dvrlost(world):
    """The dvr's disk is gone; the service goes on."""
    rng = world.rng
    end = start(world)
    loss(world)
    at = rng.uniform(10, 0.9 * end)
    world.at(at, world.lose_disk, "dvr")
    world.at(at + rng.uniform(1, 30), world.start_dvr)
    return end_of(world)


def _slow_twins(world):
    """Two machines whose clocks are an hour late go on from one log, and nobody can tell them."""
    rng = world.rng
    start(world)
    loss(world)
    copied_at = rng.uniform(10, 60)
    kept = {}

    def copy():
        kept.update(world.files_of("a"))
        for name in "ab":
            step_clock(world, name, -HOUR_MS)

    def second():
        world.put_files("b", kept)
        world.restart_service("b", take_over=True)

    world.at(copied_at, copy)
    world.at(copied_at + 1, world.kill_dvr)
    service_dies(world, copied_at + rng.uniform(2, 5), 1)
    second_at = copied_at + rng.uniform(2, 30)
    world.at(second_at, second)
    world.at(second_at + rng.uniform(10, 30), world.start_dvr)
    world.at(second_at + rng.uniform(40, 60), one_on_air, world)
    return end_of(world)


def clock(world):
    """Wall clocks step by up to 25 hours; own log, old copy, or twins."""
    rng = world.rng
    if rng.random() < 0.2:
        return _slow_twins(world)
    for _ in range(rng.choice((1, 2, 4))):
        name, step = rng.choice(("a", "b", "dvr")), rng.choice((-25, -1, -0.02, 0.02, 1, 25))
        world.at(rng.uniform(0, 150), step_clock, world, name, round(step * HOUR_MS))
    kind = rng.choice((noise, oldcopy, twins))
    return kind(world)


def rollback(world):
    """The service's virtual machine is rolled back while it runs."""
    rng = world.rng
    start(world)
    loss(world)
    at = rng.uniform(20, 90)
    world.roll_back("a", at, at + rng.uniform(2, 30))
    return end_of(world)


def mixed(world):
    """Two kinds of trouble in one session."""
    rng = world.rng
    end = start(world)
    loss(world)
    anything(world, 0.7 * end)
    more = rng.choice(("copy", "cut", "clock"))
    if more == "copy":
        copy_and_resume(world, dvr_away=rng.random() < 0.5, aside=False)
    elif more == "cut":
        cut_somebody(world, rng.uniform(10, 150), rng.uniform(2, 60), half_open=rng.random() < 0.5)
    else:
        world.at(rng.uniform(5, 150), step_clock, world, "a", rng.choice((-1, 1)) * HOUR_MS)
    return end_of(world)


def reopen(world):
    """A closed session is opened again with -s, perhaps while the first process lingers."""
    rng = world.rng
    end = start(world, finishes=True)
    loss(world)
    at = end + rng.uniform(0.5, 50)
    if rng.random() < 0.4:
        dvr_dies(world, end - rng.uniform(-20, 20), rng.uniform(1, 30))
    killed = rng.random() < 0.5

    def again():
        """Its lock refuses the start while the first is there: try again."""
        if killed:
            world.kill_services("a")
        world.race.go_on(world.time.seconds(), world.time.seconds() + 60)
        _try(world)

    world.at(at, again)
    world.at(at + 65, world.say, "THE END of what goes on")
    return end_of(world)


def _try(world):
    process = world.restart_service("a")
    if process.code == 75:
        world.at(world.time.seconds() + 5, _try, world)


SCENARIOS = {
    function.__name__: function
    for function in (
        *(calm, noise, oldcopy, disklost, twins, partition, endsdown, gone, handover, change),
        *(blackout, dvrlost, clock, rollback, mixed, reopen),
    )
}
