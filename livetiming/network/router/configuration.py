"""What Crossbar is told: who may do what, what is served, and how much of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from livetiming.network.names import ANONYMOUS, PUBLIC, REALM, RPC, SERVICES

SECRET = "LIVETIMING_SHARED_SECRET"  # noqa: S105 - a variable's name
"""The variable of Crossbar's environment that its configuration takes the secret from."""

_GUARD = "guard"
_ROOM = "livetiming.network.router"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one client, and all of them, may ask of the router.

    Args:
        connections: at once.
        message_bytes: of one message, in either direction: an answer above it throws the service
            that gave it off the router.
        handshake_ms: to open a WebSocket.
        ping_ms: between two pings.
        pong_ms: until a client that does not answer one is dropped. Nothing else drops a client
            that does not read, and Crossbar keeps all that such a client is sent
            (crossbar #583, #874).
        idle_s: until an HTTP connection on which nothing happens is dropped.
    """

    connections: int = 3000
    message_bytes: int = 1 << 20
    handshake_ms: int = 5_000
    ping_ms: int = 10_000
    pong_ms: int = 5_000
    idle_s: int = 60


class RouterPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A router to be.

    Args:
        host: where it listens.
        port: where it listens.
        website: the folder served at `/`.
        recordings: the folder served at `/recordings/`.
        analysis: the folder served at `/analysis/`.
        limits: of its clients.
    """

    host: str
    port: int
    website: Path
    recordings: Path
    analysis: Path
    limits: Limits = Limits()


def configuration(plan: RouterPlan) -> dict[str, Any]:
    """Say a plan in Crossbar's words; the secret is not in it, only the variable that holds it."""
    return {
        "version": 2,
        "controller": {"id": "livetiming"},
        "workers": [
            {
                "type": "router",
                "id": "router1",
                "realms": [_realm()],
                "components": [_guard()],
                "transports": [_transport(plan)],
            }
        ],
    }


def _realm() -> dict[str, Any]:
    """The chunk size is so high that no event overtakes another, whoever listens."""
    return {
        "name": REALM,
        "options": {
            "uri_check": "strict",
            "event_dispatching_chunk_size": 1_000_000,
            "enable_meta_api": False,
        },
        "roles": [
            {"name": SERVICES, "permissions": [_all_of_ours()]},
            {"name": ANONYMOUS, "permissions": [_look(), _ask()]},
            {"name": _GUARD, "permissions": []},
        ],
    }


def _all_of_ours() -> dict[str, Any]:
    allowed = ("call", "register", "publish", "subscribe")
    return _permission("livetiming.", *allowed, cache=True, disclose=("caller", "publisher"))


def _look() -> dict[str, Any]:
    return _permission(PUBLIC, "subscribe")


def _ask() -> dict[str, Any]:
    """Whoever is asked may know by whom, to tell one who asks too much from the others."""
    return _permission(RPC, "call", disclose=("caller",))


def _permission(
    prefix: str, *allowed: str, cache: bool = False, disclose: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A permission; Crossbar never forgets what it caches, so that strangers' are not cached."""
    actions = ("call", "register", "publish", "subscribe")
    return {
        "uri": prefix,
        "match": "prefix",
        "allow": {action: action in allowed for action in actions},
        "disclose": {who: who in disclose for who in ("caller", "publisher")},
        "cache": cache,
    }


def _guard() -> dict[str, Any]:
    return {
        "type": "class",
        "id": "guard",
        "classname": f"{_ROOM}.guard.Guard",
        "realm": REALM,
        "role": _GUARD,
    }


def _transport(plan: RouterPlan) -> dict[str, Any]:
    return {
        "type": "web",
        "id": "web1",
        "endpoint": {
            "type": "tcp",
            "interface": plan.host,
            "port": plan.port,
            "version": 6 if ":" in plan.host else 4,
            "backlog": 1024,
        },
        "max_connections": plan.limits.connections,
        "options": {
            "access_log": False,
            "display_tracebacks": False,
            "client_timeout": plan.limits.idle_s,
        },
        "paths": {"/": {"type": "path", "paths": _paths(plan)}},
    }


def _paths(plan: RouterPlan) -> dict[str, Any]:
    """All below one root, which is whole before anyone can connect: Crossbar would start paths
    beside it one by one, `healthz` before `ws`, while it is listening.
    """
    return {
        "/": _resource("website.Website", plan.website),
        "recordings": _resource("website.Recordings", plan.recordings),
        "analysis": _resource("website.Analyses", plan.analysis),
        "healthz": {"type": "resource", "classname": f"{_ROOM}.website.Health"},
        "ws": _websocket(plan.limits),
    }


def _resource(name: str, folder: Path) -> dict[str, Any]:
    return {
        "type": "resource",
        "classname": f"{_ROOM}.{name}",
        "extra": {"folder": str(folder)},
    }


def _websocket(limits: Limits) -> dict[str, Any]:
    return {
        "type": "websocket",
        "serializers": ["cbor", "json"],
        "auth": {
            "anonymous": {"type": "static", "role": ANONYMOUS},
            "wampcra": {
                "type": "static",
                "users": {SERVICES: {"secret": f"${{{SECRET}}}", "role": SERVICES}},
            },
        },
        "options": {
            "enable_webstatus": False,
            "show_server_version": False,
            "max_message_size": limits.message_bytes,
            "max_frame_size": limits.message_bytes,
            "open_handshake_timeout": limits.handshake_ms,
            "close_handshake_timeout": 1_000,
            "auto_ping_interval": limits.ping_ms,
            "auto_ping_timeout": limits.pong_ms,
            "auto_ping_size": 12,
            "auto_ping_restart_on_any_traffic": False,
            "fail_by_drop": True,
        },
    }
