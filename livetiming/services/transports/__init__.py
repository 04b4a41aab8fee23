"""What carries the frames of most feeds, so that a provider need only know its protocol."""

from livetiming.services.transports.conversation import Times
from livetiming.services.transports.file_lines import FileLines
from livetiming.services.transports.tcp_lines import TcpLines
from livetiming.services.transports.web_socket import WebSocket

__all__ = ["FileLines", "TcpLines", "Times", "WebSocket"]
