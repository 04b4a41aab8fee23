"""Node beside Python: one process that reads JSON, and the run of the TypeScript vectors."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parents[2] / "web"
_READER = """
const lines = require('node:fs').readFileSync(0, 'utf8').split('\\n').slice(0, -1);
for (const line of lines) {
  let out;
  try { out = JSON.stringify(JSON.parse(line)); } catch (error) { out = String(error); }
  process.stdout.write(out + '\\n');
}
"""


def parsed_again(lines: Sequence[bytes]) -> list[str]:
    """What JavaScript reads in each line, written again by JavaScript."""
    run = subprocess.run(
        ["node", "-e", _READER],
        input=b"".join(line + b"\n" for line in lines),
        capture_output=True,
        check=True,
        timeout=100,
    )
    return run.stdout.decode().split("\n")[:-1]


def vitest(*files: str, vectors: Path | None = None) -> dict[str, str]:
    """Run TypeScript tests.

    Returns: the status of each test (`passed`, `failed` …) by its name.
    """
    if not (WEB / "node_modules").is_dir():
        pytest.fail("web/node_modules is missing: `make test` installs it (npm ci in web/)")
    environment: Mapping[str, str] = os.environ | ({"VECTORS": str(vectors)} if vectors else {})
    run = subprocess.run(
        ["npx", "--no-install", "vitest", "run", *files, "--reporter=json"],
        cwd=WEB,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    try:
        report: dict[str, Any] = json.loads(run.stdout[run.stdout.index("{") :])
    except ValueError:
        pytest.fail(f"vitest gave no report: {run.stdout[-2000:]}{run.stderr[-2000:]}")
    results = [result for file in report["testResults"] for result in file["assertionResults"]]
    for result in results:
        if result["status"] != "passed":
            print(result["title"], *result["failureMessages"])  # noqa: T201
    return {result["title"]: result["status"] for result in results}
