"""`livetiming up --demo` as a newcomer meets it: the page, and the whole system behind it."""

import re
import signal
import subprocess

import pytest

from livetiming.events import state_hash
from livetiming.events.log import RealDisk, Seq, open_reader
from tests.cli.programs import BIN, environment
from tests.network.running import free_port
from tests.web.conftest import WARNINGS
from tests.web.viewer import Viewer, hash_of

START_S = 60
HIDDEN = "c" * 32
RACE = "6 Hours of Lakemoor Ring"
LINKS = "[...document.querySelectorAll('.card')].map(({ href }) => href)"


class Up:
    """The whole system in processes of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.http = f"http://127.0.0.1:{self.port}"
        self.errors = folder / "up.txt"
        listen = f"127.0.0.1:{self.port}"
        more = {"LIVETIMING_LISTEN": listen, "LIVETIMING_ROUTER": f"ws://{listen}/ws"}
        self.environment = environment(PYTHONWARNINGS=WARNINGS, **more)
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [BIN / "livetiming", "up", "--demo"],
                cwd=folder,
                env=self.environment,
                stdout=errors,
                stderr=errors,
            )

    def service(self, *args):
        """Another service, from a second shell."""
        command = [BIN / "livetiming-service", *args]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, **quiet)

    def end(self):
        """Ctrl-C; what it said."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(100)
        said = self.errors.read_text()
        assert code == 0, said
        return said

    def kill(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


@pytest.fixture
def system(website, tmp_path):
    running = Up(tmp_path)
    yield running
    running.kill()


def opened(viewer, address):
    """Go there as soon as anything answers."""

    def look(page):
        try:
            page.open(address)
        except AssertionError:
            return False
        return True

    viewer.wait_for(look, True, START_S)


def cards(viewer):
    return viewer.texts(".card-description")


def facts(viewer):
    return " ".join(viewer.texts(".card-facts > span"))


def test_the_race_is_on_the_page_from_its_first_line_to_its_recording(system, viewer):
    opened(viewer, system.http)
    viewer.wait_for(cards, [RACE], START_S)
    viewer.wait_for(facts, re.compile(r"24 cars .*recorded").search, START_S)
    hidden = system.service("demo", "--name=hidden", "--hidden", f"--uuid={HIDDEN}", "--seed=3")
    other = system.service("demo", "--name=other", "--description=Sprint", "--seed=2")
    try:
        viewer.wait_for(cards, lambda seen: "Sprint" in seen, START_S)
        viewer.open(f"{system.http}/#/timing/{HIDDEN}")
        viewer.wait_for(lambda page: page.text(".lamp"), "LIVE", START_S)
        viewer.click(".timing-head a")
        viewer.wait_for(lambda page: sorted(cards(page)), [RACE, "Sprint"])
        assert HIDDEN not in str(viewer.evaluate(LINKS))
    finally:
        for service in (other, hidden):
            service.kill()
            service.wait()
    viewer.click(f".card:has-text('{RACE}')")
    viewer.wait_for(lambda page: page.text(".lamp"), "LIVE")
    first = viewer.canonical()
    viewer.wait_for(Viewer.canonical, lambda shown: shown["seq"] > first["seq"])
    moments = [first, viewer.canonical()]
    said = system.end()
    viewer.wait_for(lambda page: page.text(".lamp"), lambda word: word != "LIVE")
    moments.append(viewer.canonical())
    recording = re.search(r"recorded: (\S+)", said)[1]
    with open_reader(RealDisk(), system.folder / recording) as reader:
        assert reader.session == first["session"]
        for shown in moments:
            state = reader.at(Seq(shown["seq"])).state
            assert hash_of(shown) == state_hash(state)
        assert reader.last().seq == moments[-1]["seq"]
