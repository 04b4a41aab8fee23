"""docs/plugin-guide.md is true: its commands are run, its changes made, its output compared."""

import os
import re
import signal
import subprocess
from itertools import zip_longest
from pathlib import Path

import pytest

import livetiming.services
import livetiming.services.transports
import livetiming.testing
from tests.cli.programs import ROOT, wait_for
from tests.examples.separate import Separate
from tests.network.running import free_port
from tests.services.line_server import LineServer

PAGE = (ROOT / "docs" / "plugin-guide.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UNTIL_CTRL_C = "  # until Ctrl-C"
FEED = [
    "SESSION;17;Club Cup;Race 1;race",
    "FLAG;green;120",
    "CAR;7;GT;A. Example;0",
    "CAR;12;GT;B. Example;0",
    "CAR;007;Cup;C. Example;0",
    "WEATHER;20;dry",
    "LAP;12;1;1:00.100",
    "ORDER;12;7;007",
    "LAP;7;1;1:00.800",
    "MESSAGE;Car 7: track limits",
    "FLAG;chequered;0",
    "END",
]


class Reader:
    """Does what the page says.

    Args:
        separate: where the aggregator is installed.
        folder: where its reader begins.
        server: the venue's timing server.
    """

    def __init__(self, separate, folder, server):
        self._env = separate.environment(
            LIVETIMING_LISTEN=f"127.0.0.1:{free_port()}", PYTHONDONTWRITEBYTECODE="1"
        )
        self._folder = folder
        self._server = server
        self._where = folder.parent / "where.txt"

    def run(self, script):
        """Run a block as a shell would; the next one goes on where it ended.

        Returns: what it said.
        """
        for venue, ours in (("timing.example.com", "127.0.0.1"), ("4000", self._server.port)):
            script = script.replace(venue, str(ours))
        if UNTIL_CTRL_C in script:
            return self._run_until_closed(script.replace(UNTIL_CTRL_C, "").strip())
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{script}\npwd > '{self._where}'"],
            cwd=self._folder,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}"
        self._folder = Path(self._where.read_text().strip())
        return done.stdout

    def _run_until_closed(self, command):
        """Ctrl-C comes when the feed has said that the session is over, and that is on the disk."""
        said = self._folder.parent / "said.txt"
        before = self._closed()
        with said.open("w") as out:
            running = subprocess.Popen(
                ["bash", "-c", f"exec {command}"],
                cwd=self._folder,
                env=self._env,
                stdout=out,
                stderr=out,
            )
        try:
            wait_for(lambda: self._closed() > before or running.poll() is not None, "the end")
            running.send_signal(signal.SIGINT)
            assert running.wait(30) == 0, said.read_text()
        finally:
            if running.poll() is None:
                running.kill()
        return said.read_text()

    def _closed(self):
        logs = (self._folder / "livetiming-data" / "state").glob("*.jsonl")
        return sum('"type":"closed"' in log.read_text() for log in logs)

    def change(self, diff):
        """Make a change that the page shows, exactly as it shows it."""
        done = subprocess.run(
            ["git", "apply", "--unidiff-zero", "-"],
            cwd=self._folder,
            env={**os.environ, "GIT_CEILING_DIRECTORIES": str(self._folder.parent)},
            input=diff,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{diff}\n{done.stderr}"


def pattern_of(shown):
    """What shown output stands for: `…` is anything in a line, alone it is any lines."""
    lines = []
    for line in shown.splitlines():
        words = [re.escape(" ".join(part.split())) for part in line.split("…")]
        lines.append(r"(?:.*\n)*" if line == "…" else ".*".join(words) + r"\n")
    return "".join(lines)


def squeezed(text):
    """Blanks that only make columns are none that a page must repeat."""
    return "".join(" ".join(line.split()) + "\n" for line in text.splitlines())


def serve(connection, _number):
    connection.sendall("".join(f"{line}\r\n" for line in FEED).encode())
    connection.recv(1)


@pytest.mark.timeout(300)
def test_the_whole_page_can_be_followed_from_the_first_step_to_the_last(tmp_path):
    blocks = BLOCK.findall(PAGE)
    assert {language for language, _ in blocks} == {"sh", "text", "diff"}
    assert sum(language == "sh" for language, _ in blocks) > 10
    folder = tmp_path / "reader"
    folder.mkdir()
    with LineServer(serve) as server:
        reader = Reader(Separate(tmp_path), folder, server)
        for (language, text), (following, shown) in zip_longest(
            blocks, blocks[1:], fillvalue=("", "")
        ):
            if language == "diff":
                reader.change(text)
            elif language == "sh":
                said = squeezed(reader.run(text))
                if following == "text":
                    assert re.fullmatch(pattern_of(shown), said), f"{text}\n{said}\n{shown}"


def test_there_are_ten_steps():
    steps = re.findall(r"^## (\d+)\. ", PAGE, re.MULTILINE)
    assert steps == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize(
    "module", [livetiming.services, livetiming.services.transports, livetiming.testing]
)
def test_every_public_name_is_on_the_page(module):
    missing = [name for name in module.__all__ if not re.search(rf"`{name}`", PAGE)]
    assert not missing


def test_every_value_that_the_page_names_exists():
    table = PAGE[PAGE.index("### Values") :]
    rows = re.findall(r"^\| `(livetiming\.\w+)` \| (.*) \|$", table, re.MULTILINE)
    assert len(rows) == 4
    for module, names in rows:
        found = __import__(module, fromlist=["x"])
        for name in re.findall(r"`(\w+)`", names):
            assert hasattr(found, name), f"{module}.{name}"


def test_every_link_on_the_page_leads_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        path, _, heading = target.partition("#")
        text = (ROOT / "docs" / path) if path else None
        assert text is None or text.exists(), target
        if heading and text is None:
            headings = re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
            assert heading in {each.lower().replace(" ", "-") for each in headings}, target


def test_a_shown_line_stands_for_what_differs_and_for_nothing_else():
    assert re.fullmatch(pattern_of("a … c\n…\nz\n"), "a b c\nx\ny\nz\n")
    assert re.fullmatch(pattern_of("…\nz\n"), "z\n")
    assert not re.fullmatch(pattern_of("a\n"), "a\nb\n")
    assert not re.fullmatch(pattern_of("a.c\n"), "abc\n")
