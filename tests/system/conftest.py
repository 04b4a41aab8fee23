"""A real browser, for the tests that want one."""

from tests.web.conftest import browser, website

__all__ = ["browser", "website"]
