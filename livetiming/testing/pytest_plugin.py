"""What the conformance kit adds to pytest: it is there wherever the package is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the kit."""
    group = parser.getgroup("livetiming", "conformance of timing providers")
    group.addoption(
        "--golden-update",
        action="store_true",
        help="write golden files anew; read the difference before you commit it",
    )
    group.addoption(
        "--mutations",
        type=int,
        default=500,
        metavar="N",
        help="damaged frames that each parser is given (default: 500)",
    )
