"""What the tests beside a real router share."""

import pytest

from tests.network.running import running_router


@pytest.fixture(scope="session")
def router(tmp_path_factory):
    """One router for all tests that leave it as it is, or wait for its return."""
    with running_router(tmp_path_factory.mktemp("router")) as running:
        yield running
