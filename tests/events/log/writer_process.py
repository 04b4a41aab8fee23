"""Writes a log and says what is durable, until it is killed.

Usage: python -m tests.events.log.writer_process FOLDER

It forks a writer for each line on its standard input, so that a writer starts in a millisecond
and not in the third of a second that Python takes; a line says how long the writer lives, and
since when: its `birth`, or when it `told` its first durable event, however busy the machine is. It
answers with one line: the last durable event.
"""

import os
import signal
import sys
import time
from pathlib import Path
from random import Random

from livetiming.events import encode
from livetiming.events.log import RealDisk, open_log
from tests.events.log import synthetic


def write(folder: Path, seed: int, told: int) -> None:
    """Append for ever; tell each durable event."""
    log, rng = open_log(RealDisk(), folder, synthetic.SESSION).log, Random(seed)
    at = log.place.at or synthetic.START_AT
    while True:
        for _ in range(rng.choice([1, 5, 40])):
            at += rng.choice([0, 20, 20_000])
            encode(log.append(synthetic.payload(rng, log.state, 250), at))
        while (group := log.take()) is not None:
            log.commit(group)
            os.write(told, b"%d\n" % group.last_seq)


def run(folder: Path, seed: int, since: str, lives_s: float) -> bytes:
    """Start a writer, kill it so long after its birth or its first word, give what it told."""
    reading, told = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.close(reading)
        try:
            write(folder, seed, told)
        finally:
            os._exit(1)
    os.close(told)
    first = os.read(reading, 1) if since == "told" else b""
    time.sleep(lives_s)
    os.kill(writer, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        said = first + pipe.read()
    _, status = os.waitpid(writer, 0)
    return said if os.WIFSIGNALED(status) else b"failed\n" + said


def main(folder: Path) -> None:
    for line in sys.stdin:
        seed, since, lives_s = line.split()
        said = run(folder, int(seed), since, float(lives_s)).split(b"\n")
        answer = said[0] if said[0] == b"failed" else (said[-2] if len(said) > 1 else b"0")
        sys.stdout.write(answer.decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
