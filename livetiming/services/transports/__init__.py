"""What carries the frames of most feeds, so that a provider need only know its protocol."""

from livetiming.services.transports.file_lines import FileLines
from livetiming.services.transports.http_limits import Limits
from livetiming.services.transports.http_polling import HttpPolling, Poll
from livetiming.services.transports.lengths import LengthSplitter
from livetiming.services.transports.lines import LineSplitter
from livetiming.services.transports.tcp_frames import Splitter, TcpFrames
from livetiming.services.transports.tcp_lines import TcpLines

__all__ = [
    "FileLines",
    "HttpPolling",
    "LengthSplitter",
    "Limits",
    "LineSplitter",
    "Poll",
    "Splitter",
    "TcpFrames",
    "TcpLines",
]
