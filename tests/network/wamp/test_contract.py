from tests.network.connection_contract import ConnectionContract


class TestRouterConnection(ConnectionContract):
    """The real one."""
