"""Autobahn's constructors, which it left untyped."""

from __future__ import annotations

from typing import Any

from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.serializer import CBORSerializer
from autobahn.wamp.types import (
    ComponentConfig,
    PublishOptions,
    RegisterOptions,
    SubscribeOptions,
)

_make: Any = lambda made, *args, **options: made(*args, **options)  # noqa: E731


def realm_config(realm: str) -> ComponentConfig:
    """Of a session."""
    config: ComponentConfig = _make(ComponentConfig, realm=realm)
    return config


def cbor() -> Any:
    """How messages are written: the smallest way between our own programs."""
    return _make(CBORSerializer)


def publishing(*, retained: bool) -> PublishOptions:
    """Of an event that the router keeps for whoever comes later, or not."""
    options: PublishOptions = _make(PublishOptions, retain=retained)
    return options


def subscribing() -> SubscribeOptions:
    """Of a subscription that hears what the router kept."""
    options: SubscribeOptions = _make(SubscribeOptions, get_retained=True, details=True)
    return options


def registering(*, prefix: bool, shared: bool) -> RegisterOptions:
    """Of a registration; never by force, which two registrations hang the router with."""
    options: RegisterOptions = _make(
        RegisterOptions,
        match="prefix" if prefix else "exact",
        invoke="last" if shared else "single",
        details=True,
    )
    return options


def error(name: str, *args: str) -> ApplicationError:
    """An error that its caller gets by that name."""
    made: ApplicationError = _make(ApplicationError, name, *args)
    return made
