"""The secret that `livetiming up` makes for itself where none is set."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from livetiming.settings import OWN_SECRET, Settings, find_secret

_BYTES = 32


def ensure_secret(settings: Settings) -> str:
    """Find the secret by which everything of ours joins the router; make one where there is none.

    It gets its name when all of it is there: whoever waits for it never reads half of it.

    Args:
        settings: of the deployment; its state folder is there.
    Returns: the secret.
    Raises: `BadSetting` where the one that is set is too short; `OSError`.
    """
    found = find_secret(settings)
    if found is not None:
        return found
    path = settings.state_dir / OWN_SECRET
    part = path.with_name(f"{OWN_SECRET}.{os.getpid()}.part")
    try:
        _write(part, secrets.token_hex(_BYTES))
        with suppress(FileExistsError):  # somebody else was quicker, and theirs holds
            os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
    return find_secret(settings) or ""


def _write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:  # noqa: PTH123 - for its mode
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
