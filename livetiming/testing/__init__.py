"""The conformance kit: name a plugin and its feeds, run pytest.

Plugin authors subclass `ProviderConformance`; `docs/plugin-guide.md` shows how.
"""
