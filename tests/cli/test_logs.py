"""What is written of what happens, whoever's words it is in."""

import json
import subprocess
import sys

from tests.cli.programs import environment

PROGRAM = """
from pathlib import Path
from twisted.logger import Logger
from livetiming.cli.logs import start_logging
from livetiming.settings import Settings

start_logging(Settings(log_dir=Path("log")), "some", verbose=False, debug=False)
Logger().warn("dropped: {what}", what="\\x1b[2J\\x07 \\u2028 \\udc80 \\r\\nFerrari é")
"""


def test_no_terminal_takes_what_strangers_sent_for_orders(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment(PYTHONIOENCODING="utf-8"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    harmless = r"dropped: \x1b[2J\x07 \u2028 \udc80 \r Ferrari é"
    assert ended.stderr.endswith(f" warn: {harmless}\n")
    [line] = (tmp_path / "log" / "some.log").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["message"] == harmless
