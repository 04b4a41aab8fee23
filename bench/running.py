"""Runs topics one after another, tells their figures as they come, and says whether all are met."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from time import perf_counter

from bench.day import Day, record
from bench.figures import Figure, missed, row, write


class Room:
    """Where the topics measure, and what they share.

    Args:
        folder: emptied at the start and taken away at the end.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def day(self) -> Day:
        """The synthetic day, recorded when it is first asked for."""
        return record(self.folder)

    def __enter__(self) -> Room:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


Topic = Callable[[Room], Iterator[Figure]]


def run(topics: Mapping[str, Topic], names: Sequence[str], build: Path) -> int:
    """Measure.

    Args:
        topics: all that can be measured.
        names: those that are; all where none is given.
        build: the folder for `bench.json` and for what is thrown away again.
    Returns: the exit code: 0 · 1 where a limit is missed · 2 for an unknown name.
    """
    if unknown := [name for name in names if name not in topics]:
        print(f"bench: unknown: {', '.join(unknown)}; there are {', '.join(topics)}")
        return 2
    began = perf_counter()
    figures: list[Figure] = []
    with Room(build / "bench") as room:
        for name in names or topics:
            for figure in topics[name](room):
                print(row(figure), flush=True)
                figures.append(figure)
    write(build / "bench.json", figures)
    bad = missed(figures)
    print(f"{len(figures)} figures, {len(bad)} missed, {perf_counter() - began:.0f} s")
    return 1 if bad else 0
