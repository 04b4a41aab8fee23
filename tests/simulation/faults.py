"""What may befall a world, planned for a moment in it."""

from tests.simulation.world import ELSEWHERE

ENDS_AT = 180.0
"""When the race is over."""
HOUR_MS = 3_600_000


def start(world, ends_at=ENDS_AT, *, viewers=4, from_at=0.0, **race):
    """The usual morning: a dvr, a service, and viewers who come when they like."""
    rng = world.rng
    race.setdefault("finishes", rng.random() < 0.7)
    world.begin(ends_at, **race)
    world.at(0.0, world.start_dvr)
    world.at(rng.uniform(0, 2), world.restart_service, "a")
    for _ in range(viewers):
        world.at(rng.uniform(from_at, 0.8 * ends_at), world.watch)
    return ends_at


def loss(world, share=None):
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


def end_of(world):
    """When all that is planned has happened, and the race is over."""
    end = max(world.race.ends_at, world.planned_until)
    world.at(end, _no_loss, world)
    return end


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


def anything(world, until):
    """Some of the faults that every part must survive."""
    rng = world.rng
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        service_dies(world, rng.uniform(5, until), rng.uniform(0.5, 20))
    for _ in range(rng.choice((0, 1, 2))):
        dvr_dies(world, rng.uniform(5, until), rng.uniform(0.5, 30))
    for _ in range(rng.choice((0, 1, 1, 2))):
        router_dies(world, rng.uniform(5, until), rng.uniform(0.5, 10))


def copy_and_resume(world, *, dvr_away, aside):
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


def announce_only(world, name):
    """Some other service starts on a machine, and finds logs that nobody owns."""
    world.kill_services(name)
    world.start_service(name, idle=True)


def one_on_air(world):
    if not any(world.live(name) for name in "ab"):
        world.restart_service(world.rng.choice("ab"), take_over=True)


def step_clock(world, name, ms):
    world.say("CLOCK", name, ms)
    world.machines[name].wall_offset_ms += ms
