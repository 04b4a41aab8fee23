"""The real connection to the router; whoever imports it waits a second for Autobahn."""

from livetiming.network.wamp.connecting import RouterConnection, connect

__all__ = ["RouterConnection", "connect"]
