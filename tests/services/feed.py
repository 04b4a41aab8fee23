"""A parser with a feed to follow: what most tests of a provider need."""

from livetiming.events import Picture
from livetiming.services import Fact, Frame, SessionSeen, Update

START = 1_750_000_000_000


class Feed:
    """Feeds pieces, all at one instant unless told to wait, and keeps what came of them.

    A provider's own has its `parser_class`, and the channel where the feed has one.
    """

    parser_class = None
    channel = ""

    def __init__(self, *pieces):
        self.parser = self.parser_class()
        self.at = START
        self.updates: list[Update] = []
        self.say(*pieces)

    def say(self, *pieces):
        for one in pieces:
            self.updates.extend(self.parser.receive(Frame(self.at, self.channel, one)))
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
    def facts(self):
        return [update for update in self.updates if isinstance(update, Fact)]

    @property
    def told(self):
        return [fact.payload for fact in self.facts]
