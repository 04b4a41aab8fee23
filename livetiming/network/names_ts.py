"""The browser's copy of the names of the wire, made from ours.

`python -m livetiming.network.names_ts > web/src/network/names.ts`
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator

from livetiming.network import names

_HEAD = """\
/** The names of the wire that a viewer needs; made by `python -m livetiming.network.names_ts`. */
"""


def typescript() -> str:
    """Write the names that viewers may use; those of our own components stay here."""
    return "\n".join((_HEAD, *_constants(), *_functions(), ""))


def _constants() -> Iterator[str]:
    for name, value in vars(names).items():
        if name.isupper() and _is_for_viewers(value):
            yield f"export const {name} = '{value}';"


def _functions() -> Iterator[str]:
    for name, function in inspect.getmembers(names, inspect.isfunction):
        if function.__module__ != names.__name__:
            continue
        text = _template(function)
        if _is_for_viewers(text):
            yield f"\nexport function {_camel(name)}({_parameters(function)}): string {{"
            yield f"  return `{text}`;"
            yield "}"


def _is_for_viewers(name: str) -> bool:
    return not name.startswith(names.INTERNAL) and name != names.SERVICES


def _parameters(function: Callable[..., str]) -> str:
    return ", ".join(f"{name}: string" for name in inspect.signature(function).parameters)


def _template(function: Callable[..., str]) -> str:
    """The name that a function makes, with its parameters in it as TypeScript writes them."""
    return function(*(f"${{{name}}}" for name in inspect.signature(function).parameters))


def _camel(name: str) -> str:
    return re.sub(r"_(.)", lambda match: match[1].upper(), name)


if __name__ == "__main__":
    sys.stdout.write(typescript())
