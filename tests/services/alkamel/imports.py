"""Files through the importer, as `livetiming-rectool import` does it."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from livetiming.events.log import RealDisk
from livetiming.services import CaptureHints
from livetiming.services.alkamel import PLUGIN
from livetiming.services.alkamel.captures import read_captures
from livetiming.services.alkamel.protocol import AlKamelParser
from livetiming.services.importing import Importer, capture_digest
from livetiming.services.messages import GENERATORS
from livetiming.services.terms import Terms

HINTS = CaptureHints(date(2025, 4, 20), ZoneInfo("Europe/Rome"))


def imported(paths, folder, hints=HINTS):
    """The logs of all sessions in these files, and what was reported."""
    reported = []
    importer = Importer(
        RealDisk(),
        folder,
        capture_digest("alkamel", paths),
        AlKamelParser(),
        Terms(class_="alkamel", attribution=PLUGIN.attribution),
        GENERATORS,
        lambda kind, what: reported.append(what),
    )
    found = importer.run(read_captures(paths, hints), lambda count: None)
    return [Path(each.path) for each in found], reported
