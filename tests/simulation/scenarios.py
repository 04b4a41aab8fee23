"""What befalls worlds: each scenario plans one, and says when the last of it has happened."""

from tests.simulation.world import ELSEWHERE, TEMP

ENDS_AT = 180.0
"""When the race is over."""
HOUR_MS = 3_600_000


def _start(world, ends_at=ENDS_AT, *, viewers=4, from_at=0.0, **race):
    """The usual morning: a dvr, a service, and viewers who come when they like."""
    rng = world.rng
    race.setdefault("finishes", rng.random() < 0.7)
    world.begin(ends_at, **race)
    world.at(0.0, world.start_dvr)
    world.at(rng.uniform(0, 2), world.restart_service, "a")
    for _ in range(viewers):
        world.at(rng.uniform(from_at, 0.8 * ends_at), world.watch)
    return ends_at


def _loss(world, share=None):
    """Messages get lost until the last fault."""
    rng = world.rng
    world.router.lost = rng.choice((0.0, 0.03, 0.1)) if share is None else share
    world.router.lost_legs = rng.choice((0.0, 0.03))
    world.router.late = rng.choice((0.0, 0.02))


def _no_loss(world):
    router = world.router
    if router.lost or router.lost_legs or router.late:
        world.say("NOTHING IS LOST from now on")
    router.lost = router.lost_legs = router.late = 0.0


def _end(world):
    """When all that is planned has happened, and the race is over."""
    end = max(world.race.ends_at, world.planned_until)
    world.at(end, _no_loss, world)
    return end


# --- what may happen


def service_dies(world, at, away_s, name="a", **more):
    """A service is killed, or its machine loses power, or it dies at a change of the disk."""
    kind = world.rng.choice(("kill", "kill", "strike", "power"))

    def die():
        if kind == "power":
            world.lose_power(name)
        for process in world.live(name):
            if kind == "strike":
                process.strike()
            else:
                world.say("KILL", process.connection.name)
                process.kill()

    def back():
        world.kill_services(name)
        world.restart_service(name, **more)

    world.at(at, die)
    if away_s is not None:
        world.at(at + away_s, back)


def dvr_dies(world, at, away_s):
    power = world.rng.random() < 0.4

    def die():
        if power:
            world.lose_power("dvr")
        elif world.recorder is not None and world.rng.random() < 0.4:
            world.recorder.strike()
            world.at(world.time.seconds() + 3, world.kill_dvr)
        else:
            world.kill_dvr()

    def back():
        world.kill_dvr()
        world.start_dvr()

    world.at(at, die)
    if away_s is not None:
        world.at(at + max(away_s, 3.5), back)


def router_dies(world, at, away_s):
    world.at(at, world.kill_router, away_s)


def cut_somebody(world, at, seconds, *, half_open):
    def cut():
        services = [p.connection for p in world.services if not p.dead]
        dvr = [world.recorder.connection] if world.recorder else []
        whom = world.rng.choice([*services, *dvr, *[w.connection for w in world.watchers[:1]]])
        world.cut(whom, seconds, half_open=half_open)

    world.at(at, cut)
    world.at(at + seconds, lambda: None)


def _anything(world, until):
    """Some of the faults that every part must survive."""
    rng = world.rng
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        service_dies(world, rng.uniform(5, until), rng.uniform(0.5, 20))
    for _ in range(rng.choice((0, 1, 2))):
        dvr_dies(world, rng.uniform(5, until), rng.uniform(0.5, 30))
    for _ in range(rng.choice((0, 1, 1, 2))):
        router_dies(world, rng.uniform(5, until), rng.uniform(0.5, 10))


# --- scenarios


def calm(world):
    """No fault at all: who comes when the session is there asks once, as long as order is kept."""
    world.router.ordered = True
    _start(world, from_at=4.0)
    return _end(world)


def noise(world):
    """Its own log, and everything dies now and then."""
    end = _start(world)
    _loss(world)
    _anything(world, 0.9 * end)
    return _end(world)


def _copy_and_resume(world, *, dvr_away, aside):
    """An older copy of the log is resumed; the newer one is overwritten, or left on its machine."""
    rng = world.rng
    copied_at = rng.uniform(10, 90)
    resumed_at = copied_at + rng.uniform(5, 60)
    kept = {}
    world.at(copied_at, lambda: kept.update(world.files_of("a")))
    if dvr_away:
        world.at(resumed_at - rng.uniform(2, 20), world.kill_dvr)
        world.at(resumed_at + rng.uniform(5, 40), world.start_dvr)

    def resume():
        world.say("OLD COPY", "moved aside" if aside else "overwritten")
        world.kill_services("a")
        if aside:
            world.put_files("b", kept)
            if world.rng.random() < 0.5:
                world.put_files("a", world.files_of("a"), ELSEWHERE)
                world.put_files("a", {})
        else:
            world.put_files("a", kept)
            world.machines["a"].lost_at = world.time.seconds()
        world.restart_service("b" if aside else "a")

    world.at(resumed_at, resume)
    return resumed_at


def oldcopy(world):
    """An older copy of the log is resumed, with the dvr there or away."""
    rng = world.rng
    _start(world)
    _loss(world)
    _copy_and_resume(world, dvr_away=rng.random() < 0.5, aside=rng.random() < 0.5)
    return _end(world)


def disklost(world):
    """The service's machine is gone; the dvr's copy of its log goes on elsewhere."""
    rng = world.rng
    _start(world)
    _loss(world)
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
        world.at(lost_at + away_s + rng.uniform(5, 60), _announce_only, world, "a")
    return _end(world)


def _announce_only(world, name):
    """Some other service starts on a machine, and finds logs that nobody owns."""
    world.kill_services(name)
    world.start_service(name, idle=True)


def twins(world):
    """Two instances of one session: forced, or behind a partition; one may die young."""
    rng = world.rng
    _start(world)
    _loss(world)
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
    world.at(second_at + rng.uniform(40, 60), _one_on_air, world)
    return _end(world)


def _one_on_air(world):
    if not any(world.live(name) for name in "ab"):
        world.restart_service(world.rng.choice("ab"), take_over=True)


def partition(world):
    """Service, dvr or a viewer is cut off, perhaps without knowing it."""
    rng = world.rng
    end = _start(world)
    _loss(world)
    last = 0.0
    for _ in range(rng.choice((1, 2, 3))):
        at, seconds = rng.uniform(5, end), rng.choice((rng.uniform(2, 30), rng.uniform(2, 180)))
        cut_somebody(world, at, seconds, half_open=rng.random() < 0.5)
        last = max(last, at + seconds)
    return _end(world)


def endsdown(world):
    """The session ends while the dvr is down, and the service's process is killed."""
    rng = world.rng
    end = _start(world, finishes=True)
    _loss(world)
    down_at = end - rng.uniform(1, 30)
    world.at(down_at, world.kill_dvr)
    killed_at = end + rng.uniform(0.3, 20)
    world.at(killed_at, world.kill_services, "a")
    dvr_at = max(down_at + 1, killed_at + rng.uniform(-5, 30))
    world.at(dvr_at, world.start_dvr)
    next_at = killed_at + rng.uniform(1, 30)
    world.at(next_at, _announce_only, world, "a")
    last = max(dvr_at, next_at)
    if rng.random() < 0.6:
        lost_at = dvr_at + rng.uniform(1, 15)
        dvr_dies(world, lost_at, rng.uniform(1, 10))
        last = max(last, lost_at + 14)
    if rng.random() < 0.5:  # it is sealed by then, or is being sealed
        again_at = last + rng.uniform(3, 12)
        world.at(again_at, world.lose_power, "dvr")
        world.at(again_at + rng.uniform(1, 5), world.start_dvr)
    return _end(world)


def gone(world):
    """The service's machine is gone for ever, and events were dropped before."""
    rng = world.rng
    end = _start(world, finishes=False)
    _loss(world, 0.1)
    lost_at = rng.uniform(20, 0.8 * end)
    world.at(lost_at, world.lose_disk, "a")
    return _end(world)


def handover(world):
    """The service is away for a while, viewers join meanwhile; it comes back, or not."""
    rng = world.rng
    _start(world, viewers=2)
    _loss(world)
    at, away_s = rng.uniform(20, 90), rng.uniform(20, 70)
    back = rng.random() < 0.7
    service_dies(world, at, away_s if back else None)
    for _ in range(2):
        world.at(at + rng.uniform(0, away_s), world.watch)
    return _end(world)


def change(world):
    """Four sessions follow each other, and viewers change with them."""
    rng = world.rng
    end = _start(world, sessions=4, viewers=0, finishes=True)
    _loss(world)
    world.at(rng.uniform(0.1, 1), lambda: [world.watch() for _ in range(4)])
    world.follow_changes(3.0)
    if rng.random() < 0.5:
        service_dies(world, rng.uniform(5, end), rng.uniform(0.5, 10))
    if rng.random() < 0.5:
        dvr_dies(world, rng.uniform(5, end), rng.uniform(0.5, 10))
    return _end(world)


def blackout(world):
    """Service, dvr and router lose their power together."""
    rng = world.rng
    end = _start(world)
    _loss(world)
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
    return _end(world)


def dvrlost(world):
    """The dvr's disk is gone; the service goes on."""
    rng = world.rng
    end = _start(world)
    _loss(world)
    at = rng.uniform(10, 0.9 * end)
    world.at(at, world.lose_disk, "dvr")
    world.at(at + rng.uniform(1, 30), world.start_dvr)
    return _end(world)


def _slow_twins(world):
    """Two machines whose clocks are an hour late go on from one log, and nobody can tell them."""
    rng = world.rng
    _start(world)
    _loss(world)
    copied_at = rng.uniform(10, 60)
    kept = {}

    def copy():
        kept.update(world.files_of("a"))
        for name in "ab":
            _step_clock(world, name, -HOUR_MS)

    def second():
        world.put_files("b", kept)
        world.restart_service("b", take_over=True)

    world.at(copied_at, copy)
    world.at(copied_at + 1, world.kill_dvr)
    service_dies(world, copied_at + rng.uniform(2, 5), 1)
    second_at = copied_at + rng.uniform(2, 30)
    world.at(second_at, second)
    world.at(second_at + rng.uniform(10, 30), world.start_dvr)
    world.at(second_at + rng.uniform(40, 60), _one_on_air, world)
    return _end(world)


def clock(world):
    """Wall clocks step by up to 25 hours; own log, old copy, or twins."""
    rng = world.rng
    if rng.random() < 0.2:
        return _slow_twins(world)
    for _ in range(rng.choice((1, 2, 4))):
        name, step = rng.choice(("a", "b", "dvr")), rng.choice((-25, -1, -0.02, 0.02, 1, 25))
        world.at(rng.uniform(0, 150), _step_clock, world, name, round(step * HOUR_MS))
    kind = rng.choice((noise, oldcopy, twins))
    return kind(world)


def _step_clock(world, name, ms):
    world.say("CLOCK", name, ms)
    world.machines[name].wall_offset_ms += ms


def rollback(world):
    """The service's virtual machine is rolled back while it runs."""
    rng = world.rng
    _start(world)
    _loss(world)
    at = rng.uniform(20, 90)
    world.roll_back("a", at, at + rng.uniform(2, 30))
    return _end(world)


def mixed(world):
    """Two kinds of trouble in one session."""
    rng = world.rng
    end = _start(world)
    _loss(world)
    _anything(world, 0.7 * end)
    more = rng.choice(("copy", "cut", "clock"))
    if more == "copy":
        _copy_and_resume(world, dvr_away=rng.random() < 0.5, aside=False)
    elif more == "cut":
        cut_somebody(world, rng.uniform(10, 150), rng.uniform(2, 60), half_open=rng.random() < 0.5)
    else:
        world.at(rng.uniform(5, 150), _step_clock, world, "a", rng.choice((-1, 1)) * HOUR_MS)
    return _end(world)


def reopen(world):
    """A closed session is opened again with -s, perhaps while the first process lingers."""
    rng = world.rng
    end = _start(world, finishes=True)
    _loss(world)
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
    return _end(world)


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
