"""The log of a session: one file of lines that is the only truth."""

from livetiming.disk import Disk, File, RealDisk
from livetiming.events.log.adopting import adopt_log
from livetiming.events.log.fold import Fold
from livetiming.events.log.folded import Folded, FoldedLog, Place, number
from livetiming.events.log.opening import Opened, open_log, open_log_of, remove_log
from livetiming.events.log.part import Form
from livetiming.events.log.reader import (
    Instant,
    LogReader,
    Moment,
    Seq,
    open_reader,
    open_reader_of,
)
from livetiming.events.log.seal import SealedWriter, seal_log
from livetiming.events.log.verify import Problem, Status, Verdict, verify
from livetiming.events.log.writer import Group, LogWriter

__all__ = [
    "Disk",
    "File",
    "Fold",
    "Folded",
    "FoldedLog",
    "Form",
    "Group",
    "Instant",
    "LogReader",
    "LogWriter",
    "Moment",
    "Opened",
    "Place",
    "Problem",
    "RealDisk",
    "SealedWriter",
    "Seq",
    "Status",
    "Verdict",
    "adopt_log",
    "number",
    "open_log",
    "open_log_of",
    "open_reader",
    "open_reader_of",
    "remove_log",
    "seal_log",
    "verify",
]
