"""A log without the changes that meant nothing has the same analysis, to the byte.

What a tool that compacts logs relies on: a `changed` that gives a happening ends a run of them, and
any other may be put into the one that ends its run.
"""

import copy

import pytest

from livetiming.events import Changed, Event, Picture, State, apply, diff
from livetiming.projections.analysis import Source, document
from livetiming.projections.happenings import Interpreter
from tests.projections.make_vectors import synthetic_events
from tests.projections.told import START, rebuilt


def compacted(events):
    """The events with each run of changes made one."""
    made, interpreter, state, before = [], Interpreter(), State(), State()

    def end_run(at):
        nonlocal before
        seen = Picture(state.cars, state.order, state.session)
        change = diff(before, seen)
        if change is not None:
            made.append(Event(len(made) + 1, at, change))
        before = copy.deepcopy(state)

    last = None
    for event in events:
        is_change = isinstance(event.payload, Changed)
        if not is_change and last is not None:
            end_run(last)
            last = None
        apply(state, event)
        meant = interpreter.step(event, state)
        if not is_change:
            made.append(event._replace(seq=len(made) + 1))
            before = copy.deepcopy(state)
        elif meant:
            end_run(event.at)
            last = None
        else:
            last = event.at
    if last is not None:
        end_run(last)
    return made


def written(events):
    source = Source("0" * 32, 1, "", START)
    return document(source, rebuilt(events).tables())


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_a_log_without_what_meant_nothing_has_the_same_analysis(seed):
    events = list(synthetic_events(seed, 8, 20))
    shorter = compacted(events)
    assert len(shorter) < len(events) * 0.8
    assert written(shorter) == written(events)
