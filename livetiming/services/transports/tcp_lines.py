"""Feeds of lines over TCP."""

from __future__ import annotations

from livetiming.services.transports.lines import LineSplitter
from livetiming.services.transports.tcp_frames import TcpFrames


class TcpLines(TcpFrames):
    """Connects to a server and delivers each line that it sends, as bytes on channel "".

    Args:
        host: name or address.
        port: number.
        delimiter: what ends a line; a carriage return before it stays.
        max_line: bytes of a line; the rest of a longer one is dropped.
        allow_private: whether the server may be at an address that is not public, as those of
            venues often are.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        delimiter: bytes = b"\n",
        max_line: int = 64 * 1024,
        allow_private: bool = True,
    ) -> None:
        super().__init__(
            host,
            port,
            lambda: LineSplitter(delimiter, max_line),
            allow_private=allow_private,
        )
