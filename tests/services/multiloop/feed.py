"""A parser with a feed to follow, and lines as the specification describes them."""

from livetiming.services.multiloop.protocol import MultiloopParser
from tests.services import feed
from tests.services.feed import START


def line(command, *fields, sort="N", preamble="Q1"):
    """A line in the bytes of the wire; numbers become hexadecimal."""
    words = [format(field, "X") if isinstance(field, int) else field for field in fields]
    return "\xa6".join([f"${command}", sort, "1A", preamble, *words]).encode("latin-1")


def beat(elapsed_s=60, flag="G", *, laps=0, to_go_s=0, clock_s=START // 1000, preamble="Q1"):
    times = (elapsed_s * 1000, laps, to_go_s * 1000)
    return line("H", flag, clock_s, *times, preamble=preamble)


def run(name="Race 1", kind="R", *, event="Sprint Cup", sort="N", preamble="Q1"):
    return line("R", event, "SC", name, kind, START // 1000, sort=sort, preamble=preamble)


def entry(number, uid, driver="", *fields, grid=1, sort="N", preamble="Q1"):
    own = fields or ("GT3", "Honda Fit")
    rest = (number, uid, driver, grid, len(own), *own, uid)
    return line("E", *rest, sort=sort, preamble=preamble)


def result(number, uid=1, *, rank=1, laps=1, total=100.0, last=100.0, best=None, gap=0.0,
           down=0, ahead=0.0, ahead_down=0, status="Active", lane="T", pits=0, grid=0,
           sort="N", preamble="Q1"):  # fmt: skip
    us = [round(1000 * seconds) for seconds in (total, last, best or last, gap, ahead)]
    fields = [rank, number, uid, laps, us[0], us[1], lane, us[2], laps, us[3], down, us[4]]
    fields += [ahead_down, rank, us[2], status, "G", pits, 0, grid, 0]
    return line("C", *fields, sort=sort, preamble=preamble)


def crossing(number, where="SF", total=100.0, *, uid=1, lane="T", sort="N"):
    return line("L", number, uid, where, "A", round(1000 * total), "G", lane, sort=sort)


def section(number, name, seconds, *, done=60.0, uid="EF317", sort="N"):
    times = (round(1000 * done), round(1000 * seconds))
    return line("S", number, uid, name, *times, 1, sort=sort)


class Feed(feed.Feed):
    parser_class = MultiloopParser
