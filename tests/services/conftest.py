"""A service on a clock that only moves when told to, for every test that asks for one."""

import pytest

from tests.services.stage import Stage, TroubledDisk


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path).start()


@pytest.fixture
def disk():
    return TroubledDisk()


@pytest.fixture
def troubled(tmp_path, disk):
    return Stage(tmp_path, disk=disk).start()


@pytest.fixture
def said(monkeypatch):
    """What the services logged, as (level, text)."""
    from twisted.logger import formatEvent, globalLogPublisher

    heard = []

    def observe(event):
        heard.append((event["log_level"].name, formatEvent(event)))

    globalLogPublisher.addObserver(observe)
    yield heard
    globalLogPublisher.removeObserver(observe)
