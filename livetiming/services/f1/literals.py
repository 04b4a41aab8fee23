"""Lists as Python writes them, the form in which one well-known client stores the feed."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from livetiming.services import read_json

_STRING_OR_NAME = re.compile(
    r"""'(?P<single>[^'\\]*(?:\\.[^'\\]*)*)'|"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"|(?P<name>[A-Za-z]+)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|.)", re.DOTALL)
_NAMES = {"True": "true", "False": "false", "None": "null"}
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "a": "\a", "v": "\v", "\n": ""}
_MAX_POINT = 0x10FFFF


def read_literal(data: str) -> Any:
    """Read a Python literal of lists, maps with text keys, texts, numbers, `True`, `False`, `None`.

    Strings are taken as wholes, whichever quotes they have, and the rest is JSON but for three
    names; so the bounds of JSON hold, and nothing is evaluated.

    Args:
        data: its text.
    Raises: `BadFrame` where it is none.
    """
    return read_json(_STRING_OR_NAME.sub(_as_json, data))


def _as_json(found: re.Match[str]) -> str:
    name = found["name"]
    if name is not None:
        return _NAMES.get(name, name)
    single = found["single"]
    text = found["double"] if single is None else single
    if "\\" not in text and '"' not in text and text.isprintable():
        return f'"{text}"'
    whole = _ESCAPE.sub(_unescaped, text).encode("utf-8", "replace").decode()
    return msgspec.json.encode(whole).decode()


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "xuU" and len(code) > 1:
        point = int(code[1:], 16)
        return chr(point) if point <= _MAX_POINT else "\ufffd"
    if code[0] in "01234567":
        return chr(int(code, 8))
    return _LETTERS.get(code, code if code in "\\'\"" else "\\" + code)
