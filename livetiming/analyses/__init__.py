"""Analyses of whole logs: folded, kept as files, compared, and written as tables."""

from livetiming.analyses.differences import Difference, difference
from livetiming.analyses.folding import Analysed, analyse
from livetiming.analyses.stored import (
    Stored,
    StoredHead,
    analysis_path,
    read_head,
    read_stored,
    remove_stored,
    write_stored,
)

__all__ = [
    "Analysed",
    "Difference",
    "Stored",
    "StoredHead",
    "analyse",
    "analysis_path",
    "difference",
    "read_head",
    "read_stored",
    "remove_stored",
    "write_stored",
]
