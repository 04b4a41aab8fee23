from twisted.internet.task import Clock

from livetiming.components.allowance import (
    BURST_BYTES,
    BYTES_PER_S,
    LINE_BYTES,
    PREFIX_BYTES,
    TOTAL_BYTES,
    Allowance,
)

LINE = "x" * 940
COST = 940 + PREFIX_BYTES


def test_a_burst_is_admitted_and_then_no_more():
    allowance = Allowance(Clock().seconds)
    admitted = [allowance.admit(LINE) for _ in range(1000)]
    assert admitted == [LINE] * (BURST_BYTES // COST) + [None] * (1000 - BURST_BYTES // COST)


def test_time_makes_room_and_what_was_left_out_is_counted():
    clock = Clock()
    allowance = Allowance(clock.seconds)
    while allowance.admit(LINE):
        pass
    assert allowance.admit(LINE) is None
    clock.advance(COST / BYTES_PER_S)
    assert allowance.admit(LINE) == f"(2 lines left out) {LINE}"


def test_a_long_line_is_cut():
    assert Allowance(Clock().seconds).admit("x" * 10**6) == "x" * LINE_BYTES


def test_there_is_an_end_however_long_it_goes_on():
    clock = Clock()
    allowance = Allowance(clock.seconds)
    total = 0
    while line := allowance.admit(LINE):
        total += len(line) + PREFIX_BYTES
        clock.advance(BURST_BYTES / BYTES_PER_S)
    assert TOTAL_BYTES - COST < total <= TOTAL_BYTES
