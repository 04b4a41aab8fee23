"""Which providers are installed, and loading them; built-ins come through the same door."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from livetiming.errors import BadArgument, BadValue
from livetiming.events.names import service_class
from livetiming.services.api import Plugin, ServicePlugin

GROUP = "livetiming.services"
_OURS = "livetiming"
TAKEN = frozenset(
    {"capture", "debug", "description", "disable_analysis", "do_not_record", "from_", "help"}
    | {"hidden", "initial_state", "masquerade", "recording_filename", "speed"}
    | {"linger", "name", "standalone", "take_over", "uuid", "verbose"}
)
"""Options that every service has; a provider's must have other names."""


def installed() -> dict[str, EntryPoint]:
    """The installed service classes, by name."""
    return {entry.name: entry for entry in sorted(entry_points(group=GROUP))}


def load(name: str) -> Plugin:
    """Load the provider of a service class.

    Raises: `BadArgument` where there is none, or where it does not load, with the reason.
    """
    plugin = find(name)
    if isinstance(plugin, ServicePlugin):
        raise BadArgument(f"service class {name!r} follows no feed of frames")
    return plugin


def find(name: str) -> Plugin | ServicePlugin:
    """Load the plugin of a service class, of either kind.

    Raises: `BadArgument` where there is none, or where it does not load, with the reason.
    """
    found = installed()
    if name not in found:
        raise BadArgument(f"unknown service class {name!r}; installed are: {', '.join(found)}")
    try:
        plugin = found[name].load()
        service_class(name)
    except BadValue as error:
        raise BadArgument(f"service class {name!r}: {error}") from error
    except Exception as error:
        words = " ".join(f"{type(error).__name__}: {error}".split())
        raise BadArgument(f"service class {name!r} does not load: {words}") from error
    if not isinstance(plugin, Plugin | ServicePlugin):
        raise BadArgument(f"service class {name!r}: {found[name].value} is no Plugin")
    taken = TAKEN.intersection(plugin.options.__struct_fields__)
    if taken:
        names = ", ".join(sorted(taken))
        raise BadArgument(f"service class {name!r}: {names} is an option of every service")
    return plugin


def version_of(name: str) -> str | None:
    """The version of the distribution that a service class comes from.

    Returns: `None` where that is this package, or where it says none.
    """
    entry = installed().get(name)
    if entry is None or entry.dist is None or entry.dist.name.lower() == _OURS:
        return None
    said = entry.dist.metadata
    return said["Version"] if "Version" in said else None  # noqa: SIM401 - it has no get
