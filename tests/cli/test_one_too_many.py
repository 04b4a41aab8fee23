"""A program that is one too many ends before it imports what takes long."""

import json
import subprocess
import sys

import pytest

from livetiming.events.log import RealDisk
from tests.cli.programs import environment
from tests.network.running import SECRET

HEAVY = (
    "autobahn",
    "livetiming.components.dvr",
    "livetiming.events.log",
    "livetiming.services.host",
    "sqlalchemy",
    "twisted",
)
ASKED = """
import json, sys
from livetiming.cli.{module} import main
try:
    main()
except SystemExit as end:
    print(json.dumps([end.code, sorted(set(json.loads(sys.stdin.read())) & set(sys.modules))]))
"""


@pytest.mark.parametrize(
    ("module", "args", "lock", "what"),
    [
        ("dvr", [], "temp/dvr.lock", "another dvr records here"),
        ("service", ["demo"], "state/demo.main.service", "demo runs already as 'main'"),
    ],
)
def test_it_says_so_and_ends_before_anything_heavy_is_imported(tmp_path, module, args, lock, what):
    path = tmp_path / "livetiming-data" / lock
    path.parent.mkdir(parents=True)
    held = RealDisk().lock(path)
    ended = subprocess.run(
        [sys.executable, "-c", ASKED.format(module=module), *args],
        cwd=tmp_path,
        env=environment(LIVETIMING_SHARED_SECRET=SECRET),
        input=json.dumps(HEAVY),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    held.close()
    assert json.loads(ended.stdout) == [75, []]
    assert what in ended.stderr
    assert ended.stderr.count("\n") == 1
