"""Races for the tests of the demo, small and full of incidents, told once and kept."""

from functools import cache

import msgspec

from livetiming.services import Frame
from livetiming.services.demo.feed import Feed
from livetiming.services.demo.plan import Plan
from livetiming.services.demo.protocol import DemoParser

START_AT = 1_781_445_600_000
BEAT_US = 500_000
PLAN = Plan(seed=3, cars=12, duration_s=3600, lap_s=20)
"""About 180 laps: enough for a deck of flags."""


@cache
def frames(plan=PLAN):
    feed = Feed(plan, START_AT, 1.0)
    now_us = 0
    told = [_frame(now_us, feed.start(now_us))]
    while not feed.over:
        now_us += BEAT_US
        told.append(_frame(now_us, feed.beat(now_us)))
    told.append(_frame(now_us, feed.end(now_us)))
    return told


def _frame(now_us, text):
    return Frame(START_AT + now_us // 1000, "", text)


@cache
def pictures(plan=PLAN):
    """A copy of the picture after each frame."""
    parser = DemoParser()
    seen = []
    for frame in frames(plan):
        list(parser.receive(frame))
        seen.append(copied(parser.picture()))
    return seen


@cache
def updates(plan=PLAN):
    parser = DemoParser()
    return [update for frame in frames(plan) for update in parser.receive(frame)]


def copied(picture):
    return msgspec.structs.replace(
        picture,
        cars={car: dict(cells) for car, cells in picture.cars.items()},
        order=list(picture.order),
        session=dict(picture.session),
    )
