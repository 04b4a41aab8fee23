"""Each recording has its analysis; whatever happens to that, the recording is as it was."""

from pathlib import Path

import msgspec
import pytest
import zstandard

from livetiming.analyses import analyse, analysis_path, read_head, read_stored
from livetiming.events.log import open_reader
from livetiming.network.wire import Standing
from tests.components.dvr import stage as stages
from tests.components.dvr.stage import FOLDERS, IDS, START_AT, Stage
from tests.events.log import synthetic

ANALYSES = Path("/analyses")
MINUTES = 60_000


@pytest.fixture(autouse=True)
def _folders(monkeypatch):
    monkeypatch.setattr(stages, "FOLDERS", FOLDERS._replace(analyses=ANALYSES))


def recorded(stage=None, **described):
    """A session that was recorded to its end."""
    stage = (stage or Stage()).start()
    service = stage.service(**described)
    service.go_on(6, after_ms=2 * MINUTES)
    service.close()
    stage.until(lambda: stage.recordings() and not stage.growing_files())
    return stage, service


def path_of(session=IDS[0], history=1):
    return analysis_path(ANALYSES, session, history)


def has_analysis(stage, session=IDS[0]):
    return stage.disk.exists(path_of(session))


def of_all(stage, session=IDS[0]):
    """Whether the analysis is of all of the recording, and what `analyse` says of it."""
    (name,) = [name for name in stage.recordings() if session in name]
    with open_reader(stage.disk, FOLDERS.recordings / name) as reader:
        expected = msgspec.json.decode(analyse(reader).document())
    return msgspec.to_builtins(read_stored(stage.disk, path_of(session))) == expected


def errors(said):
    return [event for event in said if event["log_level"].name == "error"]


def test_a_sealed_recording_has_its_analysis():
    stage, service = recorded()
    stage.until(lambda: has_analysis(stage))
    assert of_all(stage)
    assert stage.files(ANALYSES) == [path_of().name]
    assert read_head(stage.disk, path_of()).source.seq == service.history.n


def test_it_is_durable_when_it_has_its_name():
    stage, _ = recorded()
    stage.until(lambda: has_analysis(stage))
    content = stage.disk.names[path_of()].durable
    assert zstandard.ZstdDecompressor().decompress(content).startswith(b'{"analysis":')


def test_a_session_that_goes_on_and_is_sealed_again_has_a_new_one():
    stage, service = recorded()
    stage.until(lambda: has_analysis(stage))
    service.history.add(synthetic.resumed(START_AT))
    service.go_on(4, after_ms=2 * MINUTES)
    service.status = Standing.LIVE
    stage.until(lambda: service.is_recorded)
    service.close()
    stage.until(lambda: not stage.growing_files())
    stage.until(lambda: read_head(stage.disk, path_of()).source.seq == service.history.n)
    assert of_all(stage)


def test_a_session_that_is_not_to_be_analysed_has_none():
    stage, service = recorded(analysis=False)
    stage.wait(5)
    assert stage.files(ANALYSES) == []
    assert list(stage.recordings().values()) == [service.history.lines]


def test_what_nobody_may_keep_keeps_no_analysis():
    stage, service = recorded()
    stage.until(lambda: has_analysis(stage))
    service.do_not_record = True
    service.status = Standing.LIVE
    stage.until(lambda: stage.recordings() == {})
    stage.until(lambda: not has_analysis(stage))


def test_a_recording_that_goes_while_it_is_analysed_leaves_no_analysis():
    stage, _ = recorded()
    stage.until(lambda: has_analysis(stage))
    stage.disk.remove(path_of())
    (name,) = stage.recordings()
    recording = FOLDERS.recordings / name
    plain = stage.disk.rename

    def rename(source, target):
        plain(source, target)
        if target == path_of():
            stage.disk.remove(recording)

    stage.disk.rename = rename
    stage.dvr._analyses.make(recording)
    stage.wait(1)
    assert not has_analysis(stage)


@pytest.mark.parametrize("call", ["append", "rename"])
def test_a_disk_that_refuses_the_analysis_keeps_the_recording(call, said):
    stage = Stage()
    plain = getattr(stage.disk, call)

    def refuse(path, *args):
        if path.parent == ANALYSES:
            raise OSError(28, "No space left on device")
        return plain(path, *args)

    setattr(stage.disk, call, refuse)
    _, service = recorded(stage)
    stage.wait(5)
    assert list(stage.recordings().values()) == [service.history.lines]
    assert stage.files(ANALYSES) == []
    (error,) = errors(said)
    assert "No space left on device" in error["reason"]
    second = stage.service(1)
    second.go_on(6, after_ms=2 * MINUTES)
    second.close()
    stage.until(lambda: len(stage.recordings()) == 2)


def test_sessions_that_end_together_are_analysed_one_after_another():
    stage = Stage().start()
    services = [stage.service(number) for number in range(5)]
    for service in services:
        service.go_on(6, after_ms=2 * MINUTES)
    for service in services:
        service.close()
    stage.until(lambda: len(stage.files(ANALYSES)) == 5)
    assert all(of_all(stage, IDS[number]) for number in range(5))


def test_a_dvr_that_stops_while_it_seals_finishes_the_analysis():
    stage = Stage().start()
    service = stage.service()
    service.go_on(6, after_ms=2 * MINUTES)
    stage.until(lambda: service.is_recorded)
    service.close()
    stage.until(lambda: _sealing(stage))
    stage.stop()
    assert stage.recordings()
    assert of_all(stage)


def _sealing(stage):
    (recording,) = stage.dvr._recordings.values()
    return any(each.stage == "sealing" for each in recording.histories.values())


def test_a_dvr_without_a_folder_for_them_makes_none(monkeypatch):
    monkeypatch.setattr(stages, "FOLDERS", FOLDERS)
    stage, _ = recorded()
    stage.wait(5)
    assert {path.parent for path in stage.disk.names} == {FOLDERS.temp, FOLDERS.recordings}
