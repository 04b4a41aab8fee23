"""The analysis of a log, whole or up to a moment."""

from __future__ import annotations

from typing import NamedTuple

from livetiming.events import Described
from livetiming.events.log import Instant, LogReader, Moment, Seq
from livetiming.projections.analysis import Analysis, Source, document


class Analysed(NamedTuple):
    """A log and what happened in it.

    Args:
        analysis: folded up to the moment that was asked for.
        source: of which log, and up to where.
        described: what the session is.
    """

    analysis: Analysis
    source: Source
    described: Described | None

    def document(self) -> bytes:
        """Write it as it is stored: equal logs, equal bytes."""
        return document(self.source, self.analysis.tables(self.source.at))


def analyse(reader: LogReader, moment: Moment | None = None) -> Analysed:
    """Fold a log; of a session of any length the rows are all that stays in memory.

    Args:
        reader: of the log.
        moment: where to stop; its end where none is given.
    Raises: `LogDamaged`.
    """
    folded = reader.start()
    analysis = Analysis(folded.state, folded.at) if folded.seq else Analysis()
    seq, at, chain, described = folded.seq, folded.at, folded.chain, folded.state.described
    goes_on = False
    for _, event in reader.events(folded):
        if moment is not None and _is_after(event.seq, event.at, moment):
            goes_on = True
            break
        analysis.step(event, folded.state)
        seq, at, chain, described = event.seq, event.at, folded.chain, folded.state.described
    if goes_on and isinstance(moment, Instant):
        at = moment.at
    return Analysed(analysis, Source(str(folded.session), seq, chain.hex(), at), described)


def _is_after(seq: int, at: int, moment: Moment) -> bool:
    match moment:
        case Seq(last):
            return seq > last
        case Instant(until):
            return at > until
