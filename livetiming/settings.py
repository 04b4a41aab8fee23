"""The settings of a deployment: one frozen value, made once, of one mapping."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from livetiming.errors import BadSetting

FILE = "livetiming.env"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator may set; each field by the environment variable beside it.

    Args:
        state_dir: the services' own logs.
        recordings_dir: sealed recordings.
        log_dir: log files of the programs; none where it is not set.
        sentry_dsn: where crashes are reported to; nowhere where it is not set.
    """

    state_dir: Path = msgspec.field(
        name="LIVETIMING_STATE_DIR", default=Path("livetiming-data/state")
    )
    recordings_dir: Path = msgspec.field(
        name="LIVETIMING_RECORDINGS_DIR", default=Path("livetiming-data/recordings")
    )
    log_dir: Path | None = msgspec.field(name="LIVETIMING_LOG_DIR", default=None)
    sentry_dsn: str | None = msgspec.field(name="SENTRY_DSN", default=None)


def read_settings(variables: Mapping[str, str | None]) -> Settings:
    """Make the settings.

    Args:
        variables: the environment over the settings file; an empty value is none.
    Raises: `BadSetting`, naming the variable.
    """
    given = {name: value for name, value in variables.items() if value}
    try:
        return msgspec.convert(given, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise BadSetting(_in_words(str(error))) from error


def _path(_kind: type, value: Any) -> Any:
    """Read a path, the one kind of setting that msgspec does not know.

    Raises: `ValueError`, which comes out as the named setting's.
    """
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{value}: there is no such home folder") from error


def _in_words(trouble: str) -> str:
    what, _, where = trouble.rpartition(" - at `$.")
    return f"{where.removesuffix('`')}: {what}" if what else f"settings: {trouble}"


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read `livetiming.env`, found from the working directory upwards, under the environment.

    Args:
        environment: wins over the file.
    Raises: `BadSetting`, naming the variable or the file.
    """
    from dotenv import dotenv_values, find_dotenv

    path = find_dotenv(FILE, usecwd=True)
    try:
        values = dotenv_values(path, interpolate=False) if path else {}
    except (OSError, UnicodeError) as error:
        raise BadSetting(f"{path}: cannot be read: {error}") from error
    return read_settings({**values, **environment})
