"""Messages that are meant to cost their reader far more than their sender."""

import struct

from livetiming.network.router.strangers import MESSAGE_BYTES

LARGE = (1 << 20) - 64
"""Just below what the WebSocket takes at all."""
HELLO = b"\x83\x01\x66timing"


def of_json(size):
    """Fourteen bombs in JSON, none longer than so many bytes."""
    deep = size // 12
    return {
        "lists that never end": b"[" * size,
        "lists in lists": b"[" * (size // 2) + b"]" * (size // 2),
        "dictionaries that never end": b'{"a":' * (size // 5),
        "dictionaries in details": _details(b'{"a":' * deep + b"1" + b"}" * deep),
        "lists and dictionaries": b'[{"":' * (size // 5),
        "deep beside deep": _fill(b"[", b"[" * 400 + b"]" * 400 + b",", b"1]", size),
        "ten deep beside ten deep": _fill(b"[", b"[" * 10 + b"]" * 10 + b",", b"1]", size),
        "empty lists": _fill(b'[1,"timing",[', b"[],", b"1]]", size),
        "one key again and again": _fill(b'[1,"timing",{', b'"a":1,', b'"a":1}]', size),
        "a whole number without end": b"[1," + b"9" * (size - 4) + b"]",
        "an exponent without end": b"[1,1e" + b"9" * (size - 6) + b"]",
        "surrogates": _fill(b'[1,"timing",{"a":"', rb"\ud800", b'"}]', size),
        "a realm without end": _fill(b'[1,"', b"a.", b'a",{}]', size),
        "no text": b"\xff" * size,
    }


def of_cbor(size):
    """Fourteen bombs in CBOR, none longer than so many bytes."""
    number = b"\xc2\x5a" + struct.pack("!L", size - 64) + b"\xff" * (size - 64)
    return {
        "arrays that never end": b"\x81" * size,
        "arrays without a length": b"\x9f" * size,
        "maps that never end": b"\xa1\x61a" * (size // 3),
        "tags on tags": b"\xc6" * size,
        "shared values in themselves": b"\xd8\x1c\x81" * (size // 3),
        "an array of 2^40": b"\x9b" + struct.pack("!Q", 1 << 40) + b"\x01" * 1000,
        "arrays of 2^27 in one another": (b"\x9a" + struct.pack("!L", 1 << 27)) * (size // 5),
        "text of 2^40": b"\x7b" + struct.pack("!Q", 1 << 40) + b"a" * 1000,
        "a decimal without end": HELLO + b"\xc4\x82\x03" + number,
        "a big float without end": HELLO + b"\xc5\x82\x19\x7f\xff" + number,
        "a regular expression": HELLO + b"\xd8\x23" + _text(b"a?" * (size // 2 - 32)),
        "a mail": HELLO + b"\xd8\x24" + _text(b"--a\n\n" * (size // 5 - 32)),
        "empty arrays": HELLO + b"\x9a" + struct.pack("!L", size - 32) + b"\x80" * (size - 32),
        "text in pieces": HELLO + b"\x7f" + b"\x61a" * (size // 2 - 32) + b"\xff",
    }


def of_batches(size):
    """Many messages in one, which JSON in batches allows."""
    subscriptions, number = b"", 0
    while len(subscriptions) < size - 64:
        number += 1
        subscriptions += b'[32,%d,{},"livetiming.public.a%d"]\x18' % (number, number)
    return {
        "subscriptions": subscriptions,
        "calls": _fill(b"", b'[48,7,{},"livetiming.rpc.a"]\x18', b"", size),
        "nothing": b"[]\x18" * (size // 3),
    }


def everything():
    """Each bomb with its serializer, at the most that a stranger may send and at far more."""
    for size in (MESSAGE_BYTES, LARGE):
        bombs = {"json": of_json, "cbor": of_cbor, "json.batched": of_batches}
        for serializer, make in bombs.items():
            for name, bomb in make(size).items():
                yield serializer, f"{name}, {size} bytes", bomb


def _details(inner):
    return b'[1,"timing",' + inner + b"]"


def _fill(head, part, tail, size):
    return head + part * ((size - len(head) - len(tail)) // len(part)) + tail


def _text(content):
    return b"\x7a" + struct.pack("!L", len(content)) + content
