"""The TCP feed: JSON documents, each of which changes something of the session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from livetiming.services import Strange, Update
from livetiming.services.hhtiming.lines import Lines
from livetiming.services.hhtiming.live_cars import CarsReader
from livetiming.services.hhtiming.live_control import ControlReader
from livetiming.services.hhtiming.messages import (
    Event,
    SessionInfo,
    TrackInformation,
    given,
    key,
    read,
)
from livetiming.services.hhtiming.scene import Scene


class LiveReader:
    """Reads the documents of the TCP feed.

    Args:
        scene: what they change.
        strange: told of what is unknown.
    """

    def __init__(self, scene: Scene, strange: Strange) -> None:
        self._scene = scene
        self._strange = strange
        self._lines = Lines()
        self._event: str | None = None
        self._control = ControlReader(scene, strange)
        self._readers: dict[str, Callable[[Any, int], Iterable[Update]]] = {
            "Event": self._name_event,
            "SessionInfo": self._session_info,
            "AdvTrackInformation": self._track,
            **self._control.readers,
            **CarsReader(scene, self._lines, strange).readers,
        }

    def read(self, data: str | bytes, at: int) -> Iterator[Update]:
        """Read a document; what stands between two is nothing.

        Raises: `BadFrame` where it cannot be read.
        """
        if not data.strip():
            return
        kind, message = read(data)
        if message is None:
            self._strange.meet("message", kind)
            return
        if kind not in ("Event", "SessionInfo"):
            yield from self._settle_event()
        if kind in self._readers:
            yield from self._readers[kind](message, at)

    def _settle_event(self) -> Iterator[Update]:
        """An event's name that no new session follows is that of the open one."""
        if self._event is not None:
            self._scene.session.event, self._event = self._event, None
        yield from self._scene.describe()

    def _name_event(self, event: Event, at: int) -> Iterator[Update]:
        if event.event_name is not None:
            self._event = event.event_name.strip()
        yield from self._control.beat(event, at)

    def _session_info(self, info: SessionInfo, at: int) -> Iterator[Update]:
        session, id_ = self._scene.session, key(info.session_id)
        if info.event_name is not None:
            self._event = info.event_name.strip()
        if self._event is not None:
            session.event, self._event = self._event, None
        if info.session_description is not None:
            session.description = info.session_description.strip()
        if (type_ := given(info.session_type)) is not None:
            session.type_ = type_
        before = session.key
        session.key = id_ or before
        if before is None or before == session.key:
            yield from self._scene.describe()
        else:
            yield from self._scene.begin(at)
            self._control.begin()
        yield from self._control.beat(info, at)

    def _track(self, track: TrackInformation, _at: int) -> Iterator[Update]:
        session = self._scene.session
        if track.track_name is not None:
            session.venue = track.track_name.strip() or None
        sectors = track.ordered_list_of_on_track_sectors
        if sectors is not None and sectors.values:
            session.sectors = self._lines.learn(sectors.values)
        yield from self._scene.describe()
