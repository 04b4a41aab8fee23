"""What carries the frames of most feeds, so that a provider need only know its protocol."""

from livetiming.services.transports.file_lines import FileLines
from livetiming.services.transports.tcp_lines import TcpLines

__all__ = ["FileLines", "TcpLines"]
