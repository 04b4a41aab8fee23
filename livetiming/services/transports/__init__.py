"""What carries the frames of most feeds, so that a provider need only know its protocol."""

from livetiming.services.transports.classic_signalr import ClassicSignalR
from livetiming.services.transports.conversation import Times
from livetiming.services.transports.ddp import Ddp
from livetiming.services.transports.ddp_conversation import Subscription
from livetiming.services.transports.file_lines import FileLines
from livetiming.services.transports.http_limits import Limits
from livetiming.services.transports.http_polling import HttpPolling, Poll
from livetiming.services.transports.lengths import LengthSplitter
from livetiming.services.transports.lines import LineSplitter
from livetiming.services.transports.signalr import SignalR
from livetiming.services.transports.tcp_frames import Splitter, TcpFrames
from livetiming.services.transports.tcp_lines import TcpLines
from livetiming.services.transports.web_socket import WebSocket

__all__ = [
    "ClassicSignalR",
    "Ddp",
    "FileLines",
    "HttpPolling",
    "LengthSplitter",
    "Limits",
    "LineSplitter",
    "Poll",
    "SignalR",
    "Splitter",
    "Subscription",
    "TcpFrames",
    "TcpLines",
    "Times",
    "WebSocket",
]
