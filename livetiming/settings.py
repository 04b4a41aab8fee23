"""The settings of a deployment: one frozen value, made once, of one mapping."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from livetiming.errors import BadSetting

FILE = "livetiming.env"
MIN_SECRET = 32
"""Characters; whoever guesses the secret can publish anything."""
OWN_SECRET = "secret"  # noqa: S105 - the name of a file
"""The file in the state folder that `livetiming up` keeps a secret of its own in."""

_Seconds = Annotated[int, msgspec.Meta(ge=0, le=10**7)]
_Days = Annotated[int, msgspec.Meta(ge=0, le=10**4)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator may set; each field by the environment variable beside it.

    Args:
        router: where the router is; the one that listens at `listen` where it is not set.
        listen: host and port that our own router listens on.
        shared_secret: by which everything of ours joins the router.
        shared_secret_file: a file that holds it instead.
        state_dir: the services' own logs.
        recordings_temp_dir: what the dvr is recording.
        recordings_dir: sealed recordings.
        analysis_dir: analyses of recordings.
        gone_s: a session that nobody announced for so many seconds is sealed.
        min_recording_s: a session shorter than so many seconds is not kept.
        keep_days: so many days a service's own log stays when it is closed and recorded.
        log_dir: log files of the programs; none where it is not set.
        sentry_dsn: where crashes are reported to; nowhere where it is not set.
    """

    router: str | None = msgspec.field(name="LIVETIMING_ROUTER", default=None)
    listen: str = msgspec.field(name="LIVETIMING_LISTEN", default="127.0.0.1:8080")
    shared_secret: str | None = msgspec.field(name="LIVETIMING_SHARED_SECRET", default=None)
    shared_secret_file: Path | None = msgspec.field(
        name="LIVETIMING_SHARED_SECRET_FILE", default=None
    )
    state_dir: Path = msgspec.field(
        name="LIVETIMING_STATE_DIR", default=Path("livetiming-data/state")
    )
    recordings_temp_dir: Path = msgspec.field(
        name="LIVETIMING_RECORDINGS_TEMP_DIR", default=Path("livetiming-data/temp")
    )
    recordings_dir: Path = msgspec.field(
        name="LIVETIMING_RECORDINGS_DIR", default=Path("livetiming-data/recordings")
    )
    analysis_dir: Path = msgspec.field(
        name="LIVETIMING_ANALYSIS_DIR", default=Path("livetiming-data/analysis")
    )
    gone_s: _Seconds = msgspec.field(name="LIVETIMING_GONE_S", default=900)
    min_recording_s: _Seconds = msgspec.field(name="LIVETIMING_MIN_RECORDING_S", default=600)
    keep_days: _Days = msgspec.field(name="LIVETIMING_KEEP_DAYS", default=7)
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


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int


def listen_address(settings: Settings) -> Address:
    """Where our own router listens.

    Raises: `BadSetting`.
    """
    host, _, port = settings.listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise BadSetting(f"LIVETIMING_LISTEN: expected HOST:PORT, got {settings.listen!r}")
    return Address(host.strip("[]"), int(port))


def find_secret(settings: Settings) -> str | None:
    """The secret by which everything of ours joins the router.

    Returns: the variable's, else the named file's, else the one that `livetiming up` made; `None`
        where there is none.
    Raises: `BadSetting`, naming the variable or the file, where one is too short.
    """
    if settings.shared_secret is not None:
        return _long_enough("LIVETIMING_SHARED_SECRET", settings.shared_secret)
    if settings.shared_secret_file is not None:
        where = f"LIVETIMING_SHARED_SECRET_FILE: {settings.shared_secret_file}"
        return _long_enough(where, _read_secret(where, settings.shared_secret_file))
    own = settings.state_dir / OWN_SECRET
    return _long_enough(str(own), _read_secret(str(own), own)) if own.exists() else None


def shared_secret(settings: Settings) -> str:
    """The secret, for programs that cannot be without one.

    Raises: `BadSetting`.
    """
    found = find_secret(settings)
    if found is None:
        raise BadSetting(
            f"LIVETIMING_SHARED_SECRET: expected a secret of at least {MIN_SECRET} characters, "
            "got none; set it or LIVETIMING_SHARED_SECRET_FILE, or let `livetiming up` make one"
        )
    return found


def _read_secret(where: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise BadSetting(f"{where}: cannot be read: {error}") from error


def _long_enough(where: str, secret: str) -> str:
    if len(secret) < MIN_SECRET:
        raise BadSetting(
            f"{where}: expected a secret of at least {MIN_SECRET} characters, got {len(secret)}"
        )
    return secret


def check_folders(settings: Settings) -> None:
    """See that what must not be mixed is kept apart.

    Raises: `BadSetting`, naming two variables that lead to one folder.
    """
    seen: dict[Path, str] = {}
    for field in ("state_dir", "recordings_temp_dir", "recordings_dir", "analysis_dir"):
        variable = f"LIVETIMING_{field.upper()}"
        folder = getattr(settings, field).resolve()
        if folder in seen:
            raise BadSetting(f"{variable}: {folder} is {seen[folder]} too; name another folder")
        seen[folder] = variable


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


def environment_with(changes: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program that we start.

    Args:
        changes: what it is told beside what we were told.
    """
    return {**os.environ, **changes}


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Make the settings of what `load_variables` finds.

    Args:
        environment: wins over the file.
    Raises: `BadSetting`, naming the variable or the file.
    """
    return read_settings(load_variables(environment))


def load_variables(environment: Mapping[str, str] = os.environ) -> dict[str, str | None]:
    """Read `livetiming.env`, found from the working directory upwards, under the environment.

    Args:
        environment: wins over the file.
    Raises: `BadSetting`, naming the file.
    """
    from dotenv import dotenv_values, find_dotenv

    path = find_dotenv(FILE, usecwd=True)
    try:
        values = dotenv_values(path, interpolate=False) if path else {}
    except (OSError, UnicodeError) as error:
        raise BadSetting(f"{path}: cannot be read: {error}") from error
    return {**values, **environment}
