"""The website as the router serves it, in a real browser."""

from pathlib import Path

import pytest

import livetiming
from tests.network.running import running_router
from tests.web.told import ToldDirectory, ToldService
from tests.web.viewer import Viewer

SESSION = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
WARNINGS = "error,ignore:'crypt' is deprecated:DeprecationWarning"
"""Autobahn's passlib asks for it; setup.cfg says the same of the tests' own process."""
WEBSITE = Path(livetiming.__file__).parent / "webclient" / "index.html"


@pytest.fixture(scope="session")
def website():
    """Its files, which `make` builds before any test."""
    if not WEBSITE.exists():
        pytest.fail(f"expected {WEBSITE}, found none: cd web && npm run build")


@pytest.fixture(scope="session")
def router(website, tmp_path_factory):
    """One router for all tests that leave it as it is."""
    with running_router(tmp_path_factory.mktemp("router")) as running:
        yield running


@pytest.fixture(scope="session")
def browser(website):
    with Viewer() as viewer:
        yield viewer


@pytest.fixture
def viewer(browser):
    """A browser that had nothing to complain of when the test is over."""
    browser.start_anew()
    yield browser
    assert browser.complaints() == []


@pytest.fixture
def service(router):
    """A session on air."""
    with ToldService(router, SESSION) as told:
        yield told


@pytest.fixture
def directory(router):
    with ToldDirectory(router) as told:
        yield told
