"""Whether a parser keeps to its frames: no file, no socket, no clock, no chance."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

_OUTSIDE = ("open", "socket.", "subprocess.", "os.", "shutil.", "time.sleep", "glob.", "tempfile.")
_CLOCKS = frozenset({"time", "random", "secrets", "uuid", "socket", "subprocess", "os"})
_NOW = frozenset({"now", "utcnow", "today"})

_watched: list[list[str]] = []


def _hear(event: str, args: tuple[object, ...]) -> None:
    if _watched and event.startswith(_OUTSIDE):
        _watched[-1].append(f"{event} {str(args)[:80]}")


@contextmanager
def watch_outside() -> Iterator[list[str]]:
    """Collect what is done to files, sockets and processes meanwhile."""
    _install()
    done: list[str] = []
    _watched.append(done)
    try:
        yield done
    finally:
        _watched.pop()


@cache
def _install() -> None:
    """Once in a process: an audit hook cannot be taken back."""
    sys.addaudithook(_hear)


def clocks_in(module: str) -> list[str]:
    """Find what a module, and those of its package that it imports, could tell the time by.

    Args:
        module: its name.
    Returns: each place in words; none where all is well.
    """
    package = module.rpartition(".")[0] or module
    found: list[str] = []
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen or not (name == package or name.startswith(f"{package}.")):
            continue
        seen.add(name)
        path = getattr(import_module(name), "__file__", None)
        if path is None:
            continue
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
        found += [f"{name}: {what}" for what in _uses(tree)]
        is_package = Path(path).name == "__init__.py"
        waiting += _imported(tree, name if is_package else name.rpartition(".")[0])
    return found


def _uses(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (f"import {each.name}" for each in names if each.name in _CLOCKS)
            case ast.ImportFrom(module=str(module)) if module in _CLOCKS:
                yield f"from {module} import …"
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in _NOW:
                yield f"{attr}() in line {node.lineno}"


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Modules that are imported when the module is; what is imported from one may be one too."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level]
            parts = [*(above if node.level else []), *(node.module or "").split(".")]
            module = ".".join(filter(None, parts))
            yield module
            names = (f"{module}.{each.name}" for each in node.names)
            yield from filter(_is_module, names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # what it would be in is no package
        return False
