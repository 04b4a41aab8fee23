"""A parser with a feed to follow, and documents as the feed writes them."""

import base64
import json

from livetiming.events import Picture
from livetiming.services import Fact, Frame, SessionSeen, Update
from livetiming.services.hhtiming.protocol import HHTimingParser
from livetiming.services.hhtiming.replay import CHANNEL

START = 1_750_000_000_000
NAMESPACE = "HTiming.Core.Definitions.Communication.Messages"
ASSEMBLY = "HHTiming.Core.Definitions"
UNKNOWN_S = 1.7976931348623157e308


def document(kind, **fields):
    name = kind if kind.startswith("Adv") and kind.endswith("Crossing") else f"{kind}Message"
    return json.dumps({"$type": f"{NAMESPACE}.{name}, {ASSEMBLY}", **fields})


def session(id_="976", type_=3, description="Race", **fields):
    return document(
        "SessionInfo", SessionID=id_, SessionType=type_, SessionDescription=description, **fields
    )


def competitor(number, id_=None, class_="LMP3", team="", make="Norma M30", **fields):
    return document(
        "Competitor",
        CompetitorID=id_ or number,
        CompetitorNumber=number,
        CategoryID=class_,
        TeamName=team,
        CarMake=make,
        **fields,
    )


def beat(elapsed=60.0, to_go=-1, status=0, clock=-1):
    return document(
        "Heartbeat", SessionTime=elapsed, TimeToGo=to_go, TrackStatus=status, TimeOfDay=clock
    )


def track(lines="12345", name="Ring of Tests"):
    """Sectors from line to line, the first of which is the finish line."""
    ends = [*lines[1:], lines[0]]
    sectors = [
        {"SectorName": f"S{n:02}", "StartTimeLine": start, "EndTimeLine": end, "SectorIndex": 0}
        for n, (start, end) in enumerate(zip(lines, ends, strict=True), start=1)
    ]
    return document(
        "AdvTrackInformation",
        TrackName=name,
        OrderedListOfOnTrackSectors={"$type": "List", "$values": sectors},
    )


def lap(car, laps=-1, time=-1.0, total=-1.0, *, in_pits=False, kind="BasicTimeCrossing", **fields):
    return document(
        kind,
        CarID=car,
        NumberOfLaps=laps,
        LapTime=time,
        SessionTime=total,
        IsCrossingInPits=in_pits,
        **fields,
    )


def laptimes(car, laps=-1, time=-1.0, best=-1.0):
    return document(
        "LaptimeResultsUpdate", CarID=car, NumberOfLaps=laps, LapTime=time, BestLaptime=best
    )


def line(car, name, clock, sector=-1.0):
    return document(
        "AdvSectorTimeLineCrossing",
        CompetitorNumber=car,
        TimelineNumber=name,
        SectorTime=sector,
        SessionTime=UNKNOWN_S,
        TimelineCrossingTimeOfDay=clock,
        IsStartFinish=name == "1",
    )


def stored(xml):
    """A document of an `.hhreplay` line, without its time."""
    return base64.b64encode(xml.encode()).decode()


class Feed:
    """Feeds documents, all at one instant unless told to wait, and keeps what came of them."""

    channel = ""

    def __init__(self, *documents):
        self.parser = HHTimingParser()
        self.at = START
        self.updates: list[Update] = []
        self.say(*documents)

    def say(self, *documents):
        for one in documents:
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


class Replay(Feed):
    """The same for the stored form."""

    channel = CHANNEL

    def say(self, *documents):
        return super().say(*(stored(one) for one in documents))
