"""A log behaves as a list of lines, whatever is done to it in whatever order."""

from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from livetiming.errors import LogError
from livetiming.events import State, apply, decode, encode, state_hash
from livetiming.events.log import Folded, Instant, Seq, Status, open_log, open_reader, verify
from tests.events.log import synthetic
from tests.events.log.simulated_disk import SimulatedDisk
from tests.events.log.synthetic import FOLDER, SEALED, SESSION, START_AT, TAIL

SEEDS = st.integers(0, 2**32)


class LogAsList(RuleBasedStateMachine):
    """The log, and beside it the list of lines that it must be."""

    @initialize(seed=SEEDS)
    def create(self, seed):
        self.disk = SimulatedDisk(Random(seed))
        self.lines, self.committed, self.sealed = [], 0, None
        self.log = open_log(self.disk, FOLDER, SESSION).log

    @rule(seed=SEEDS, count=st.integers(1, 4), jump=st.sampled_from([0, 50, 310_000, -3_600_000]))
    def append(self, seed, count, jump):
        rng = Random(seed)
        for _ in range(count):
            event = self.log.append(
                synthetic.payload(rng, self.log.state), (self.log.place.at or START_AT) + jump
            )
            self.lines.append(encode(event))

    @rule()
    def commit_one_group(self):
        group = self.log.take()
        if group is not None:
            self.log.commit(group)
            self.committed = group.last_seq

    @rule()
    def commit(self):
        for _ in synthetic.commit_all(self.log):
            self.committed += 1

    @rule(seed=SEEDS, power=st.booleans())
    def crash(self, seed, power):
        if power:
            self.disk = self.disk.after_power_loss(Random(seed))
        else:
            self.disk.kill()
        self._open()

    @rule()
    def close_and_resume(self):
        self.log.close()
        self._open()

    def _open(self):
        self.log = open_log(self.disk, FOLDER, SESSION).log
        there = self.log.place.seq
        assert self.committed <= there <= len(self.lines)
        self.lines = self.lines[:there]
        self.committed = there

    @rule(seed=SEEDS, call=st.integers(1, 30))
    def fail_and_resume(self, seed, call):
        self.disk.rng = Random(seed)
        self.disk.failing = range(self.disk.calls + call, self.disk.calls + call + 1)
        try:
            self.commit()
        except LogError:
            self.log.close()
            self.disk.heal()
            self._open()
        self.disk.heal()

    @precondition(lambda self: self.committed)
    @rule()
    def seal_and_read(self):
        with open_reader(self.disk, TAIL) as reader:
            read = [line for line, _ in reader.events()]
        assert read == self.lines[: self.committed]
        synthetic.write_sealed(self.disk, read)
        assert synthetic.read_lines(self.disk, SEALED) == read
        assert verify(self.disk, SEALED).status is Status.WHOLE
        self.sealed = read

    @precondition(lambda self: self.sealed)
    @rule(data=st.data(), instant=st.booleans())
    def read_a_moment(self, data, instant):
        seq = data.draw(st.integers(0, len(self.sealed)))
        expected = self._folded(self.sealed, seq)
        moment = Instant(expected.at) if instant and seq else Seq(seq)
        if instant and seq:
            while seq < len(self.sealed) and decode(self.sealed[seq]).at <= expected.at:
                seq += 1
            expected = self._folded(self.sealed, seq)
        with open_reader(self.disk, SEALED) as reader:
            found = reader.at(moment)
        assert (found.place, state_hash(found.state)) == (
            expected.place,
            state_hash(expected.state),
        )

    @precondition(lambda self: self.committed > 1)
    @rule(data=st.data())
    def read_from(self, data):
        """As a clip does: the state before a line, and all lines from there on."""
        seq = data.draw(st.integers(0, self.committed))
        with open_reader(self.disk, TAIL) as reader:
            start = reader.at(Seq(seq))
            after = [line for line, event in reader.events() if event.seq > seq]
        assert after == self.lines[seq : self.committed]
        assert start.place == self._folded(self.lines, seq).place

    @staticmethod
    def _folded(lines, seq):
        folded = Folded(SESSION)
        folded.at = decode(lines[0]).at
        for line in lines[:seq]:
            folded.step(line)
        return folded

    @rule()
    def verify_it(self):
        if self.committed:
            verdict = verify(self.disk, TAIL)
            assert verdict.status is Status.WHOLE
            assert verdict.events == self.committed

    @invariant()
    def the_state_is_that_of_the_lines(self):
        assert self.log.place.seq == len(self.lines)

    def teardown(self):
        if not hasattr(self, "log"):
            return
        state = State()
        for line in self.lines:
            apply(state, decode(line))
        assert state_hash(state) == state_hash(self.log.state)


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(50, id="50 runs"),
        pytest.param(
            2_000, id="2,000 runs", marks=[pytest.mark.reliability, pytest.mark.timeout(3600)]
        ),
    ],
)
def test_a_log_behaves_as_a_list(runs):
    run_state_machine_as_test(
        LogAsList,
        settings=settings(
            max_examples=runs,
            stateful_step_count=50,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
