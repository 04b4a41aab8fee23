"""`python -m tests.components.supervised CODE…`: keeps Python programs running until SIGTERM."""

import signal
import sys

from livetiming.components.spawning import spawner
from livetiming.components.supervisor import Outside, Program, Supervisor


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(codes):
    from twisted.internet import reactor

    spawn = spawner(reactor)

    def telling(*args):
        process = spawn(*args)
        say(f"started {process.pid}")
        return process

    supervisor = Supervisor(Outside(reactor, telling, say, lambda *_: None))

    async def end():
        for name in reversed(list(supervisor.children)):
            await supervisor.end(name, 1)
            say(f"ended {name}")
        reactor.stop()

    def start():
        from twisted.internet.defer import ensureDeferred

        signal.signal(
            signal.SIGTERM, lambda *_: reactor.callFromThread(lambda: ensureDeferred(end()))
        )
        for number, code in enumerate(codes):
            command = (sys.executable, "-c", code)
            supervisor.start(Program(f"program {number}", lambda command=command: command, {}))

    reactor.callWhenRunning(start)
    reactor.run()


if __name__ == "__main__":
    run(sys.argv[1:])
