"""Programs are kept running, and ended when it is time."""

import os
import signal
import sys
from pathlib import Path

import pytest
from twisted.internet.error import ProcessDone, ProcessTerminated
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from livetiming.components.supervisor import Outside, Program, Supervisor
from tests.cli.programs import Running, environment, wait_for

ROOT = Path(__file__).parents[2]


class Process:
    """A child that does as told."""

    def __init__(self, watching, command, pid):
        self.watching, self.command, self.pid = watching, command, pid
        self.signals = []

    def signalProcess(self, name):  # noqa: N802 - Twisted's word
        self.signals.append(name)

    def say(self, text):
        self.watching.childDataReceived(2, text.encode())

    def exit(self, code):
        end = ProcessTerminated(exitCode=code) if code else ProcessDone(0)
        self.watching.processEnded(Failure(end))

    def die(self, number=signal.SIGKILL):
        self.watching.processEnded(Failure(ProcessTerminated(signal=number)))


class Yard:
    def __init__(self):
        self.clock = Clock()
        self.processes = []
        self.told = []
        self.said = []
        self.starts = 0
        self.supervisor = Supervisor(
            Outside(self.clock, self._spawn, self.told.append, lambda *line: self.said.append(line))
        )

    def _spawn(self, command, variables, watching):
        self.processes.append(Process(watching, command, 100 + len(self.processes)))
        return self.processes[-1]

    def start(self, name="dvr"):
        return self.supervisor.start(Program(name, self._command, {}))

    def _command(self):
        self.starts += 1
        return ("dvr", str(self.starts))

    @property
    def now(self):
        """The process of this moment."""
        return self.processes[-1]

    def waits(self):
        """How long it takes until the next start."""
        calls = self.clock.getDelayedCalls()
        if not calls:
            return None
        (call,) = calls
        wait_s, before = call.getTime() - self.clock.seconds(), len(self.processes)
        self.clock.advance(wait_s)
        assert len(self.processes) == before + 1
        return round(wait_s, 3)


@pytest.fixture
def yard():
    return Yard()


def test_who_dies_is_started_again_each_time_later_and_that_is_said(yard):
    yard.start()
    waits = []
    for _ in range(4):
        yard.now.die()
        waits.append(yard.waits())
    assert waits == [0.2, 0.4, 0.8, 1.6]
    assert yard.told[0] == "dvr was killed by SIGKILL; started again in 0.2 s"
    assert len(yard.told) == 4


def test_each_start_asks_for_its_command_anew(yard):
    yard.start()
    yard.now.die()
    yard.waits()
    assert [process.command for process in yard.processes] == [("dvr", "1"), ("dvr", "2")]


def test_who_ran_for_a_minute_is_started_again_at_once(yard):
    yard.start()
    for _ in range(3):
        yard.now.die()
        yard.waits()
    yard.clock.advance(60)
    yard.now.die()
    assert yard.waits() == 0.2


def test_five_deaths_in_a_minute_are_a_crash_loop_told_with_what_was_said_and_tried_slowly(yard):
    yard.start()
    for _ in range(4):
        yard.now.exit(1)
        yard.waits()
    yard.now.say("the port is taken\nno way\n")
    yard.now.exit(1)
    assert "5 times in 3 s" in yard.told[-1]
    assert "the port is taken / no way" in yard.told[-1]
    assert yard.waits() == 30
    yard.now.exit(1)
    assert yard.waits() == 30
    yard.clock.advance(61)
    yard.now.exit(1)
    assert yard.waits() == 0.2


@pytest.mark.parametrize("code", [0, 2, 75])
def test_who_is_done_or_wrong_or_second_is_not_started_again(yard, code):
    child = yard.start()
    yard.now.say("why it ended\n")
    yard.now.exit(code)
    assert yard.waits() is None
    assert child.is_over
    assert len(yard.told) == 1
    assert ("why it ended" in yard.told[0]) == (code == 2)


def test_who_was_contradicted_waits_three_seconds(yard):
    yard.start()
    yard.now.exit(70)
    assert yard.waits() == 3


def test_what_a_program_says_is_handed_on_line_by_line(yard):
    yard.start()
    yard.now.say("one\ntw")
    yard.now.say("o\n")
    assert yard.said == [("dvr", "one"), ("dvr", "two")]


def test_who_is_ended_is_not_started_again_whatever_its_exit_code(yard):
    yard.start()
    ended = yard.supervisor.end("dvr", 10)
    assert yard.now.signals == ["TERM"]
    assert not ended.called
    yard.now.exit(1)
    assert ended.called
    assert yard.waits() is None
    assert yard.told == []


def test_who_does_not_end_in_time_is_killed_and_that_is_said(yard):
    yard.start()
    ended = yard.supervisor.end("dvr", 10)
    yard.clock.advance(10)
    assert yard.now.signals == ["TERM", "KILL"]
    assert "did not end within 10 s" in yard.told[-1]
    yard.now.die()
    assert ended.called


def test_who_waits_to_be_started_again_is_ended_at_once(yard):
    yard.start()
    yard.now.die()
    assert yard.supervisor.end("dvr", 10).called
    assert yard.waits() is None


def test_who_was_never_started_or_is_over_has_ended(yard):
    assert yard.supervisor.end("dvr", 10).called
    yard.start()
    yard.now.exit(0)
    assert yard.supervisor.end("dvr", 10).called


def test_all_are_killed_at_once(yard):
    yard.start("dvr")
    yard.start("router")
    yard.supervisor.end("dvr", 10)
    yard.supervisor.kill()
    assert [process.signals for process in yard.processes] == [["TERM", "KILL"], ["KILL"]]
    for process in yard.processes:
        process.die()
    assert all(child.is_over for child in yard.supervisor.children.values())


# --- real programs

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(99)"
SLEEPY = "import time; time.sleep(99)"


class Real(Running):
    """The supervisor in a process of its own, with children that are real programs."""

    def __init__(self, folder, *programs):
        command = [sys.executable, "-m", "tests.components.supervised", *programs]
        super().__init__(folder, command, environment())

    @property
    def lines(self):
        return self.said.splitlines()

    def pids(self):
        """Of the children, in the order in which they were started."""
        return [int(line.split()[1]) for line in self.lines if line.startswith("started ")]

    def has(self, check, what):
        return wait_for(lambda: check(self), what)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_real_child_that_is_killed_is_started_again(tmp_path):
    with Real(tmp_path, SLEEPY) as real:
        (first,) = real.has(lambda it: it.pids(), "a child")
        os.kill(first, signal.SIGKILL)
        real.has(lambda it: len(it.pids()) == 2, "another child")
        assert "program 0 was killed by SIGKILL; started again in 0.2 s" in real.lines


def test_real_children_are_out_of_reach_of_the_terminal_and_end_in_order(tmp_path):
    with Real(tmp_path, SLEEPY, SLEEPY, SLEEPY) as real:
        pids = real.has(lambda it: len(it.pids()) == 3 and it.pids(), "three children")
        real.has(lambda _: all(os.getpgid(pid) == pid for pid in pids), "groups of their own")
        real.process.send_signal(signal.SIGTERM)
        assert real.process.wait(20) == 0
        ended = [line for line in real.lines if line.startswith("ended")]
        assert ended == ["ended program 2", "ended program 1", "ended program 0"]


def test_a_stubborn_child_is_killed(tmp_path):
    with Real(tmp_path, STUBBORN) as real:
        (pid,) = real.has(lambda it: it.pids(), "a child")
        real.has(lambda _: b"time.sleep" in Path(f"/proc/{pid}/cmdline").read_bytes(), "its start")
        real.process.send_signal(signal.SIGTERM)
        assert real.process.wait(20) == 0
        assert not is_alive(pid)


def test_a_killed_supervisor_leaves_no_child(tmp_path):
    with Real(tmp_path, STUBBORN, SLEEPY) as real:
        pids = real.has(lambda it: len(it.pids()) == 2 and it.pids(), "two children")
        real.process.send_signal(signal.SIGKILL)
        real.process.wait(10)
        wait_for(lambda: not any(map(is_alive, pids)), "their end")


def test_a_real_program_that_always_fails_is_a_crash_loop_with_its_last_words(tmp_path):
    with Real(tmp_path, "import sys; sys.exit('no way')") as real:
        real.has(lambda it: [line for line in it.lines if "5 times in" in line], "a crash loop")
        (line,) = [line for line in real.lines if "5 times in" in line]
        assert line.endswith("started again in 30.0 s; it said: no way")
