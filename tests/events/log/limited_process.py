"""Writes a log under a limit of the system, meets it, and goes on when it is gone.

Usage: python -m tests.events.log.limited_process FOLDER RLIMIT_NAME LIMIT
"""

import resource
import signal
import sys
from pathlib import Path
from random import Random

from livetiming.errors import LogError
from livetiming.events.log import LogWriter, RealDisk, open_log
from tests.events.log import synthetic


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(folder: Path, what: str, limit: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    number = getattr(resource, what)
    soft, hard = resource.getrlimit(number)
    log = open_log(RealDisk(), folder, synthetic.SESSION).log
    resource.setrlimit(number, (limit, hard))
    write_until_it_fails(log)
    open_again(folder)
    resource.setrlimit(number, (soft, hard))
    say(f"well {open_again(folder)}")


def write_until_it_fails(log: LogWriter) -> None:
    rng = Random(1)
    try:
        while True:
            synthetic.append_some(log, rng, 20, 200)
            list(synthetic.commit_all(log))
            say(f"committed {log.place.seq}")
    except LogError as error:
        say(f"failed {error}")
    finally:
        log.close()


def open_again(folder: Path) -> int | None:
    """Give the number of the last event, where one more could be written."""
    try:
        log = open_log(RealDisk(), folder, synthetic.SESSION).log
    except LogError as error:
        say(f"failed {error}")
        return None
    try:
        synthetic.append_some(log, Random(2), 1)
        list(synthetic.commit_all(log))
    except LogError as error:
        say(f"failed {error}")
        return None
    finally:
        log.close()
    return log.place.seq


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
