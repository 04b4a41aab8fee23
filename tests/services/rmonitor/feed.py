"""A parser with a feed to follow: what most tests of the provider need."""

from livetiming.events import Picture
from livetiming.services import Fact, Frame, SessionSeen, Update
from livetiming.services.rmonitor.protocol import RMonitorParser

START = 1_750_000_000_000


class Feed:
    """Feeds lines, all at one instant unless told to wait, and keeps what came of them."""

    def __init__(self, *lines):
        self.parser = RMonitorParser()
        self.at = START
        self.updates: list[Update] = []
        self.say(*lines)

    def say(self, *lines):
        for line in lines:
            self.updates.extend(self.parser.receive(Frame(self.at, "", line)))
        return self

    def wait(self, seconds):
        self.at += round(seconds * 1000)
        return self

    @property
    def picture(self) -> Picture:
        return self.parser.picture()

    @property
    def order(self):
        return list(self.picture.order)

    @property
    def session(self):
        return self.picture.session

    def car(self, id_):
        return self.picture.cars[id_]

    @property
    def sessions(self):
        return [update for update in self.updates if isinstance(update, SessionSeen)]

    @property
    def passed(self):
        return [update.payload for update in self.updates if isinstance(update, Fact)]


def heartbeat(race="00:10:00", flag="Green ", *, laps=9999, to_go="00:00:00", clock="14:10:00"):
    return f'$F,{laps},"{to_go}","{clock}","{race}","{flag}"'
