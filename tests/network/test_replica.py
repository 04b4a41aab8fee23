"""A replica appends what fits, asks for what it lacks, and never mixes two histories."""

from random import Random

import pytest

from livetiming.events.log.lines import GENESIS
from livetiming.network.replica import MAX_HISTORIES
from livetiming.network.said import Chains, Said, walk
from livetiming.network.sources import MAX_LOOSE_LINES
from livetiming.network.wire import BadMessage
from tests.network.replicas import POSTED, SESSION, Copies, True_, random_history, settle


def made(lines=5, writer=1_000):
    true = True_(writer)
    true.describe()
    for number in range(lines - 1):
        true.post(f"line {number}")
    return true


def recorded(true, upto=None):
    """A replica that has a history, or its beginning."""
    copies = Copies()
    copies.hear(true.beacon(0))
    copies.hear(true.said(1, upto or true.n))
    return copies


def test_lines_are_appended_where_the_chain_before_them_is_its_own():
    true = made()
    assert recorded(true).lines == {1: true.lines}


def test_duplicates_and_late_lines_change_nothing():
    true = made(9)
    copies = recorded(true)
    for first in range(1, 10):
        copies.hear(true.said(first, 9))
        copies.hear(true.said(first, first))
    assert copies.lines == {1: true.lines}
    assert not copies.replica.needs(copies.replica.source(1_000))


def test_lines_behind_a_hole_wait_for_it():
    true = made(9)
    copies = recorded(true, 3)
    copies.hear(true.said(6, 9))
    source = copies.replica.source(1_000)
    assert copies.lines == {1: true.lines[:3]}
    assert copies.replica.needs(source)
    assert copies.replica.wanted(source) == 4
    copies.hear(true.said(4, 5))
    assert copies.lines == {1: true.lines}
    assert not source.loose
    assert source.loose_size == 0


def test_lines_behind_a_hole_are_bounded():
    true = made(MAX_LOOSE_LINES + 300)
    copies = recorded(true, 3)
    copies.hear(true.said(6, true.n))
    assert len(copies.replica.source(1_000).loose) == MAX_LOOSE_LINES
    settle(copies, [true])
    assert copies.lines == {1: true.lines}


def test_a_beacon_ahead_means_asking_and_one_that_is_there_means_none():
    true = made()
    copies = recorded(true, 3)
    source = copies.replica.source(1_000)
    assert not copies.replica.needs(source)
    copies.hear(true.beacon())
    assert copies.replica.needs(source)
    copies.answered(true)
    assert not copies.replica.needs(source)


def test_a_writer_that_goes_on_from_the_end_goes_on_in_the_same_history():
    true = made()
    copies = recorded(true)
    after = true.resumed(2_000, true.n)
    copies.hear(after.said(6, 6))
    assert copies.lines == {1: after.lines}
    assert copies.replica.branches[1].writer == 2_000


def test_a_history_that_fits_none_becomes_another_one_from_its_first_line():
    true = made(9)
    copies = recorded(true)
    other = true.resumed(2_000, 4)
    other.post("elsewhere")
    copies.hear(other.said(5, 6))
    assert list(copies.lines) == [1]
    settle(copies, [other])
    assert copies.lines == {1: true.lines, 2: other.lines}


def test_lines_that_do_not_fit_are_asked_about_before_anything_is_made_of_them():
    true = made(9)
    copies = recorded(true)
    forger = true.resumed(1_000, 4)
    copies.hear(forger.said(5, 5))
    assert copies.lines == {1: true.lines}
    source = copies.replica.source(1_000)
    assert copies.replica.needs(source)
    copies.answered(true)
    assert not copies.replica.needs(source)
    assert (copies.lines, source.forged) == ({1: true.lines}, 1)
    true.post("and on")
    copies.hear(true.said(10, 10))
    assert copies.lines == {1: true.lines}


def test_a_writer_with_two_histories_is_told_what_it_said_before():
    true = made(9)
    copies = recorded(true)
    copies.sync(1)
    back = True_(1_000, true.lines[:4])
    back.post("something else")
    copies.hear(back.said(5, 5))
    settle(copies, [back])
    assert copies.lines == {1: true.lines, 2: back.lines}
    source = copies.replica.source(1_000)
    assert copies.replica.recorded(source)[1:] == (9, true.chains[9])


def test_nothing_is_called_recorded_beyond_what_was_proved_of_that_very_writer():
    true = made(9)
    copies = recorded(true)
    copies.sync(1)
    old = True_(500, true.lines[:4])
    copies.hear(old.beacon())
    assert copies.replica.recorded(copies.replica.source(500))[1:] == (4, true.chains[4])


def test_what_the_disk_lost_is_asked_for_again_and_not_called_recorded():
    true = made(9)
    copies = recorded(true, 4)
    copies.sync(1)
    copies.hear(true.said(5, 9))
    copies.fail(1)
    source = copies.replica.source(1_000)
    assert copies.replica.recorded(source)[1:] == (4, true.chains[4])
    assert copies.replica.needs(source)
    settle(copies, [true])
    assert copies.lines == {1: true.lines}


def test_more_than_eight_histories_are_refused():
    true = made(9)
    copies = recorded(true)
    others = [true.resumed(2_000 + number, 4) for number in range(MAX_HISTORIES)]
    for other in others:
        copies.hear(other.beacon())
        settle(copies, [other])
    assert len(copies.lines) == MAX_HISTORIES
    refused = copies.replica.source(others[-1].writer)
    assert refused.refused
    assert not copies.replica.needs(refused)
    copies.hear(others[-1].said(5, 5))
    assert not refused.loose


def test_a_head_that_no_history_has_is_a_gap():
    true = made(9)
    copies = recorded(true, 4)
    copies.hear(true.beacon())
    gap = (1_000, 5, 9, true.chains[9])
    assert list(copies.replica.gaps()) == [gap]
    settle(copies, [true])
    assert list(copies.replica.gaps()) == []


def test_a_head_that_its_own_log_does_not_have_any_more_stays_a_gap_and_is_not_asked_for():
    true = made(9)
    copies = recorded(true, 4)
    copies.hear(true.beacon())
    back = True_(1_000, true.lines[:4])
    for _ in range(6):
        back.post("something else")
    copies.answered(back)
    copies.answered(back)
    assert copies.lines == {1: back.lines}
    assert not copies.replica.needs(copies.replica.source(1_000))
    assert [gap[2:] for gap in copies.replica.gaps()] == [(9, true.chains[9])]


def test_a_damaged_history_is_gone_on_with_in_another():
    true = made(9)
    copies = recorded(true, 4)
    copies.replica.refuse(copies.replica.branches[1])
    copies.hear(true.said(5, 9))
    settle(copies, [true])
    assert copies.lines == {1: true.lines[:4], 2: true.lines}


@pytest.mark.parametrize(
    "lines",
    [
        (b"nonsense",),
        (b'{"seq":7,"at":1,"type":"posted","category":"a","text":"b","origin":"derived"}',),
        (b'{"seq":6,"at":1,"type":"posted"}',),
        (b"",),
        (b"\xff\xfe",),
    ],
)
def test_what_is_no_line_of_a_log_is_no_message(lines):
    with pytest.raises(BadMessage):
        walk(SESSION, 1_000, 6, made().chains[5], lines)


def test_a_log_begins_with_a_description_of_its_session_and_the_first_chain():
    with pytest.raises(BadMessage, match="begins with a description"):
        walk(SESSION, 1_000, 1, GENESIS, [(POSTED % (1, 1, "x")).encode()])
    with pytest.raises(BadMessage, match="begins with the chain"):
        walk(SESSION, 1_000, 1, bytes(7) + b"x", made().lines)
    with pytest.raises(BadMessage, match="describes session"):
        walk(SESSION[::-1], 1_000, 1, GENESIS, made().lines)


def test_chains_know_every_line_and_no_other():
    chains = Chains(b"".join(made().chains[1:]))
    assert [chains.after(seq) for seq in range(6)] == made().chains
    assert (chains.after(6), chains.after(-1)) == (None, None)
    chains.cut(2)
    assert (chains.seq, chains.last) == (2, made().chains[2])


def _run(seeds):
    forks = 0
    for seed in seeds:
        copies, truths = random_history(seed)
        for true in truths:
            source = copies.replica.source(true.writer)
            whole = [lines for lines in copies.lines.values() if lines[: true.n] == true.lines]
            assert whole or source.refused, (seed, true.writer)
        forks += len(copies.lines) > 1
    return forks


def test_after_any_messages_in_any_order_each_history_is_there_once_and_whole():
    assert _run(range(300)) > 100


@pytest.mark.reliability
@pytest.mark.timeout(600)
def test_after_any_messages_in_any_order_each_history_is_there_once_and_whole_10_000_times():
    assert _run(range(10_000)) > 3_000


def test_forged_messages_never_enter_a_history_and_are_counted():
    """Whatever somebody says in a writer's name: where the chain before it does not fit, it does
    not get in."""
    rng = Random(24)
    true = made(40)
    copies = recorded(true, 20)
    for number in range(21, 41):
        for _ in range(10):
            at = rng.randrange(1, number)
            forged = True_(1_000, true.lines[:at])
            forged.post(f"forged {rng.random()}")
            chain = rng.choice([forged.chains[at], rng.randbytes(8), true.chains[at - 1]])
            message = walk(SESSION, 1_000, at + 1, chain, forged.lines[at:])
            copies.hear(message)
            copies.hear(Said(1_000, rng.randrange(2, 60), rng.randbytes(8)))
        copies.hear(true.said(number, number))
        copies.answered(true)
    source = copies.replica.source(1_000)
    assert copies.lines == {1: true.lines}
    assert source.forged > 10
