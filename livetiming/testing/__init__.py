"""The conformance kit: name a plugin and its feeds, run pytest.

Plugin authors subclass `ProviderConformance`; `docs/plugin-guide.md` shows how.
"""

from livetiming.testing.conformance import ProviderConformance
from livetiming.testing.following import Followed

__all__ = ["Followed", "ProviderConformance"]
