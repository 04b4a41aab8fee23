"""Where programs say what happens: standard error, a file if one is wanted, Sentry for crashes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, TextIO

from twisted.logger import (
    FilteringLogObserver,
    LogEvent,
    LogLevel,
    LogLevelFilterPredicate,
    formatEvent,
    globalLogBeginner,
)

from livetiming.settings import Settings
from livetiming.units import format_instant


def start_logging(settings: Settings, program: str, *, verbose: bool, debug: bool) -> None:
    """Begin to log; once in a process.

    Args:
        settings: of the deployment.
        program: the name of the log file.
        verbose: say what happens, not only what goes wrong.
        debug: say everything.
    """
    level = LogLevel.debug if debug else LogLevel.info
    predicate = LogLevelFilterPredicate(defaultLogLevel=level)
    for library in ("twisted", "autobahn"):
        predicate.setLogLevelForNamespace(library, level if debug else LogLevel.warn)
    shown = LogLevelFilterPredicate(defaultLogLevel=level if debug or verbose else LogLevel.warn)
    observers = [FilteringLogObserver(_text(sys.stderr), [predicate, shown])]
    if settings.log_dir is not None:
        observers.append(FilteringLogObserver(_lines(settings.log_dir, program), [predicate]))
    if settings.sentry_dsn:
        observers.append(_sentry(settings.sentry_dsn))
    globalLogBeginner.beginLoggingTo(observers, redirectStandardIO=False)


def _text(file: TextIO) -> Any:
    """Lines for people."""

    def observe(event: LogEvent) -> None:
        level = getattr(event.get("log_level"), "name", "info")
        file.write(f"{_instant(event)} {level}: {_message(event)}\n")
        file.flush()

    return observe


def _lines(folder: Path, program: str) -> Any:
    """One JSON object a line, for machines."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / f"{program}.log").open("a", encoding="utf-8", buffering=1)

    def observe(event: LogEvent) -> None:
        entry = {
            "at": _instant(event),
            "level": getattr(event.get("log_level"), "name", "info"),
            "logger": event.get("log_namespace"),
            "message": _message(event),
        }
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    return observe


def _sentry(dsn: str) -> Any:
    import sentry_sdk

    sentry_sdk.init(dsn, include_local_variables=False)

    def observe(event: LogEvent) -> None:
        failure = event.get("log_failure")
        if failure is not None:
            sentry_sdk.capture_exception(failure.value)

    return observe


def _instant(event: LogEvent) -> str:
    return format_instant(round(event["log_time"] * 1000))


def _message(event: LogEvent) -> str:
    failure = event.get("log_failure")
    text = formatEvent(event).replace("\n", " ")
    return _harmless(text if failure is None else f"{text}: {failure.getTraceback()}")


def _harmless(text: str) -> str:
    """What strangers sent may stand in it: no terminal may take that for orders."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)
