"""Providers use what plugin authors may use: built-ins come through the same door."""

import ast
from pathlib import Path

import pytest

import livetiming.services

SERVICES = Path(livetiming.services.__file__).parent
PROVIDERS = ["alkamel", "demo", "f1", "hhtiming", "multiloop", "nascar", "rmonitor", "wige"]
PUBLIC = {
    "livetiming.errors",
    "livetiming.events",
    "livetiming.racing",
    "livetiming.services",
    "livetiming.services.transports",
    "livetiming.units",
}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_imports_only_the_public_surface_and_itself(provider):
    own = f"livetiming.services.{provider}"
    modules = {name for path in (SERVICES / provider).glob("*.py") for name in imported(path)}
    ours = {name for name in modules if name.startswith("livetiming")}
    assert {name for name in ours if name != own and not name.startswith(f"{own}.")} <= PUBLIC


@pytest.mark.parametrize("module", sorted(PUBLIC - {"livetiming.racing", "livetiming.units"}))
def test_what_a_module_lists_it_has(module):
    package = __import__(module, fromlist=["x"])
    for name in getattr(package, "__all__", []):
        assert hasattr(package, name)
