"""Cutting text into records that a character ends, however they are spread over messages."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.services.transports.conversation import Breach


class RecordSplitter:
    """Messages in, records out.

    Args:
        separator: one character, after each record.
        max_record: characters of a record.
    """

    def __init__(self, separator: str, max_record: int) -> None:
        self._separator = separator
        self._max_record = max_record
        self._begun: list[str] = []
        self._length = 0

    def feed(self, text: str) -> Iterator[str]:
        """Take a message.

        Returns: the records that it completes, without separators.
        Raises: `Breach` for one that is too long.
        """
        *ends, rest = text.split(self._separator)
        for end in ends:
            self._keep(end)
            record = "".join(self._begun)
            self._begun, self._length = [], 0
            yield record
        self._keep(rest)

    def _keep(self, part: str) -> None:
        """A record that comes in many parts is put together once."""
        self._length += len(part)
        if self._length > self._max_record:
            raise Breach(f"sends a record of more than {self._max_record} characters")
        if part:
            self._begun.append(part)
