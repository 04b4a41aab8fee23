"""Who takes part: entries and class names, and what their fields mean in this feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from livetiming.services import BadFrame
from livetiming.services.rmonitor.records import ClassName, Entry

MAX_ENTRIES = 1_000
NAMES = ("num", "class", "team", "driver", "car")
"""The columns that a roster fills."""


class Roster:
    """The entries of a feed, by reg no.

    They outlive a change of run, which does not send them again, but not an `$I` before it.

    What the name fields hold depends on the timekeeper, and is told from all of them together, as
    one alone cannot tell: nationalities with digits in them are car models (ALMS 2009), so are
    last names (ChampCar), and first names without last names are teams (WRL 2025).
    """

    def __init__(self) -> None:
        self.dirty = False
        """Whether `names` would answer differently than before."""
        self._entries: dict[str, Entry] = {}
        self._classes: dict[str, str] = {}
        self._numbers: dict[str, str | None] = {}
        self._outdated: set[str] = set()
        self._models_in_nationality = False
        self._models_in_last_name = False
        self._teams_in_first_name = False

    def enter(self, entry: Entry) -> None:
        """Take an entry; an `$A` after a `$COMP` leaves the additional field as it was."""
        before = self._entries.get(entry.key)
        if before is None and len(self._entries) >= MAX_ENTRIES:
            raise BadFrame("too many entries", f"more than {MAX_ENTRIES}")
        if before is not None and entry.additional is None:
            entry = entry._replace(additional=before.additional)
        self._outdated.discard(entry.key)
        if entry != before:
            self._entries[entry.key] = entry
            self.dirty = True

    def name_class(self, name: ClassName) -> None:
        """Take the name of a class; an empty one is none."""
        if name.class_key not in self._classes and len(self._classes) >= MAX_ENTRIES:
            raise BadFrame("too many classes", f"more than {MAX_ENTRIES}")
        if self._classes.get(name.class_key) != name.description:
            self._classes[name.class_key] = name.description
            self.dirty = True

    def outdate(self) -> None:
        """An `$I`: entries that are not sent again end with this run."""
        self._outdated = set(self._entries)

    def next_run(self) -> None:
        """Drop what was outdated."""
        for key in self._outdated:
            del self._entries[key]
        self._outdated = set()
        self.dirty = True

    def __iter__(self) -> Iterator[str]:
        """The reg nos of all entries, in the order they came."""
        return iter(self._entries)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def key_of(self, number: str) -> str | None:
        """The reg no of the car with this number: as a rule they are one.

        Returns: the number itself where no entry has it; `None` where several have it.
        """
        if self.dirty:
            self._learn()
        return self._numbers.get(number, number)

    def names(self) -> dict[str, dict[str, str]]:
        """The cells of each entry, by reg no and column."""
        self._learn()
        self.dirty = False
        return {key: self._cells(entry) for key, entry in self._entries.items()}

    def _learn(self) -> None:
        entries = self._entries.values()
        self._models_in_nationality = _are_models(entry.nationality for entry in entries)
        self._models_in_last_name = _are_models(entry.last for entry in entries)
        named = [entry for entry in entries if entry.first.strip()]
        alone = sum(not entry.last.strip() for entry in named)
        self._teams_in_first_name = self._models_in_last_name or 2 * alone > len(named)
        self._numbers = {}
        for entry in entries:
            taken = entry.number in self._numbers
            self._numbers[entry.number] = None if taken else entry.key

    def _cells(self, entry: Entry) -> dict[str, str]:
        cells = {"num": entry.number or entry.key, "class": self._classes.get(entry.class_key, "")}
        if self._teams_in_first_name:
            cells["team"] = entry.first
        else:
            cells["team"] = entry.additional or ""
            cells["driver"] = f"{entry.first} {entry.last}"
        if self._models_in_nationality:
            cells["car"] = entry.nationality
        elif self._models_in_last_name:
            cells["car"] = entry.last
        return {column: " ".join(text.split()) for column, text in cells.items() if text.strip()}


def _are_models(texts: Iterable[str]) -> bool:
    """Whether these are models of cars: of two at least, and of a quarter, the name has a digit."""
    given = [text for text in texts if text.strip()]
    with_digit = sum(any(letter.isdigit() for letter in text) for text in given)
    return with_digit >= 2 and 4 * with_digit >= len(given)
