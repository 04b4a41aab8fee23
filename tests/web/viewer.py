"""A viewer with a real browser (web/e2e/viewer.mjs), for every test that wants to see the page."""

import hashlib
import json
import subprocess
import time
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
WAIT_S = 20.0


def hash_of(shown):
    """The state hash of what a page shows; None before it shows anything."""
    return shown and hashlib.blake2b(shown["text"].encode(), digest_size=16).hexdigest()


class Viewer:
    """One browser with one page; use it as a context manager."""

    def __enter__(self):
        self._process = subprocess.Popen(
            ["node", "e2e/viewer.mjs"],
            cwd=WEB,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def start_anew(self):
        """Leave the page, and forget what was chosen and complained of before."""
        self._do("anew")

    def open(self, url):
        """Go to an address."""
        self._do("open", url=url)

    def canonical(self):
        """What the page shows: its session, writer, seq and state as text; None before that."""
        return self._do("canonical")

    def text(self, selector):
        """The text of the first element, None where there is none."""
        return self._do("text", selector=selector)

    def texts(self, selector):
        """The texts of all such elements."""
        return self._do("texts", selector=selector)

    def click(self, selector):
        """Click on the first element."""
        self._do("click", selector=selector)

    def evaluate(self, expression):
        """What an expression is in the page."""
        return self._do("evaluate", expression=expression)

    def resize(self, width, height):
        """Give the page another size."""
        self._do("size", width=width, height=height)

    def use_theme(self, theme):
        """Make the page dark or light."""
        self._do("theme", theme=theme)

    def reduce_motion(self):
        """Be a reader who wants no motion."""
        self._do("motion", motion="reduce")

    def screenshot(self, path):
        """Keep a picture of the page."""
        self._do("screenshot", path=str(path))

    def violations(self):
        """What axe finds wrong with the page."""
        return self._do("violations")

    def complaints(self):
        """What page and browser complained of since the last time."""
        return self._do("complaints")

    def wait_for(self, look, wanted, wait_s=WAIT_S):
        """Look until it is as wanted.

        Args:
            look: takes this viewer.
            wanted: a value, or a function that says whether it is one.
        Returns: what was seen then.
        """
        deadline = time.monotonic() + wait_s
        while True:
            seen = look(self)
            if wanted(seen) if callable(wanted) else seen == wanted:
                return seen
            assert time.monotonic() < deadline, f"not within {wait_s} s; last seen: {seen!r:.500}"
            time.sleep(0.1)

    def _do(self, verb, **rest):
        self._process.stdin.write(json.dumps({"verb": verb, **rest}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the viewer has ended"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["result"]
