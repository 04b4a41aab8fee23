"""A WAMP client by hand: it can say what no library lets one say, and be silent where none is."""

import base64
import hashlib
import hmac
import itertools
import json
import os
import socket
import struct
import time

import cbor2

PATIENCE_S = 10.0
CONTINUE, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
HELLO, WELCOME, ABORT, CHALLENGE, AUTHENTICATE, GOODBYE, ERROR = 1, 2, 3, 4, 5, 6, 8
PUBLISH, PUBLISHED, SUBSCRIBE, SUBSCRIBED, UNSUBSCRIBE, EVENT = 16, 17, 32, 33, 34, 36
CALL, CANCEL, RESULT, REGISTER, REGISTERED, INVOCATION, YIELD = 48, 49, 50, 64, 65, 68, 70

ROLES = {
    "publisher": {},
    "subscriber": {"features": {"pattern_based_subscription": True}},
    "caller": {},
    "callee": {},
}


class HungUp(Exception):
    """The router ended the connection."""


class RawClient:
    """A WebSocket to the router.

    Args:
        port: on this machine.
        serializer: `json` or `cbor`, or `….batched`.
        receive_buffer: bytes that the kernel keeps for us; small for one who does not read.
    """

    def __init__(self, port, serializer="json", *, receive_buffer=None):
        self.serializer = serializer
        self.ids = itertools.count(1)
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.answers_pings = True
        self._upgrade(port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _upgrade(self, port):
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            "GET /ws HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            f"Sec-WebSocket-Protocol: wamp.2.{self.serializer}",
            "Sec-WebSocket-Version: 13",
        )
        self.socket.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        self.answer, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        if b" 101 " not in self.answer.split(b"\r\n")[0]:
            raise HungUp(self.answer.decode())

    def _more(self):
        try:
            data = self.socket.recv(1 << 16)
        except ConnectionError as error:
            raise HungUp(str(error)) from error
        if not data:
            raise HungUp("end of stream")
        self.buffer += data

    def _exactly(self, count):
        while len(self.buffer) < count:
            self._more()
        found, self.buffer = self.buffer[:count], self.buffer[count:]
        return found

    def frame(self):
        """The next frame: its opcode and payload."""
        first, second = self._exactly(2)
        size = second & 127
        if size == 126:
            (size,) = struct.unpack("!H", self._exactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._exactly(8))
        return first & 15, self._exactly(size)

    def send_frame(self, opcode, payload, *, final=True):
        """Send a frame; the mask is nothing but zeros, which is a mask too."""
        size = len(payload)
        if size < 126:
            head = struct.pack("!BB", final << 7 | opcode, 128 | size)
        elif size < 65536:
            head = struct.pack("!BBH", final << 7 | opcode, 128 | 126, size)
        else:
            head = struct.pack("!BBQ", final << 7 | opcode, 128 | 127, size)
        try:
            self.socket.sendall(head + b"\0\0\0\0" + payload)
        except ConnectionError as error:
            raise HungUp(str(error)) from error

    def send_bytes(self, payload):
        """Send what may be no message at all."""
        self.send_frame(TEXT if self.serializer.startswith("json") else BINARY, payload)

    def encode(self, message):
        if self.serializer.startswith("json"):
            encoded = json.dumps(message).encode()
            return encoded + b"\x18" if self.serializer.endswith("batched") else encoded
        encoded = cbor2.dumps(message)
        batched = self.serializer.endswith("batched")
        return struct.pack("!L", len(encoded)) + encoded if batched else encoded

    def send(self, *message):
        self.send_bytes(self.encode(list(message)))

    def message(self):
        """The next WAMP message."""
        while True:
            opcode, payload = self.frame()
            if opcode == PING and self.answers_pings:
                self.send_frame(PONG, payload)
            elif opcode == CLOSE:
                raise HungUp(payload.decode(errors="replace"))
            elif opcode in (TEXT, BINARY):
                return self._decode(payload)

    def _decode(self, payload):
        if self.serializer.startswith("json"):
            return json.loads(payload.rstrip(b"\x18"))
        return cbor2.loads(payload[4:] if self.serializer.endswith("batched") else payload)

    def join(self, **details):
        """Join as anybody; the WELCOME's details."""
        self.send(HELLO, "timing", {"roles": ROLES, "authmethods": ["anonymous"], **details})
        return self._welcomed()

    def join_as_service(self, secret, authid="services"):
        """Join with a secret; the WELCOME's details."""
        asked = {"roles": ROLES, "authmethods": ["wampcra"], "authid": authid}
        self.send(HELLO, "timing", asked)
        kind, *rest = self.message()
        if kind != CHALLENGE:
            raise Refused(kind, rest)
        challenge = rest[1]["challenge"].encode()
        signed = hmac.new(secret.encode(), challenge, hashlib.sha256).digest()
        self.send(AUTHENTICATE, base64.b64encode(signed).decode(), {})
        return self._welcomed()

    def _welcomed(self):
        kind, *rest = self.message()
        if kind != WELCOME:
            raise Refused(kind, rest)
        return rest[1]

    def ask(self, kind, *rest):
        """Send a request; its answer, whatever else comes before."""
        request = next(self.ids)
        self.send(kind, request, *rest)
        while True:
            answer = self.message()
            if answer[0] == ABORT:
                raise Refused(answer[0], answer[1:])
            if answer[0] == ERROR and answer[1:3] == [kind, request]:
                return answer
            if answer[0] != ERROR and answer[1] == request:
                return answer

    def hung_up(self, patience_s=PATIENCE_S):
        """Wait until the router has ended this connection; whether it did."""
        end = time.monotonic() + patience_s
        try:
            while time.monotonic() < end:
                self.socket.settimeout(max(0.01, end - time.monotonic()))
                opcode, _payload = self.frame()
                if opcode == CLOSE:
                    return True
        except HungUp:
            return True
        except TimeoutError:
            pass
        return False


class Refused(Exception):
    """The router does not let one in."""

    def __init__(self, kind, rest):
        super().__init__(f"{kind} {rest}")
        self.kind = kind
        self.error = rest[1] if len(rest) > 1 else None
