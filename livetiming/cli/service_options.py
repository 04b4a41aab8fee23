"""The options that every service class has, whatever its provider adds."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line said, beside the provider's own options."""

    description: str | None = None
    debug: bool = False
    disable_analysis: bool = False
    hidden: bool = False
    do_not_record: bool = False
    masquerade: str | None = None
    recording_filename: Path | None = None
    initial_state: Path | None = None
    verbose: bool = False
    uuid: str | None = None
    capture: Path | None = None
    from_: tuple[Path, ...] = ()
    speed: float | None = None
    name: str = "main"
    linger: float = 30.0
    take_over: bool = False
    standalone: bool = False


OF_A_FEED = {
    "description": "--description",
    "masquerade": "--masquerade",
    "hidden": "--hidden",
    "do_not_record": "--do-not-record",
    "disable_analysis": "--disable-analysis",
    "uuid": "--uuid",
    "initial_state": "--initial-state",
    "recording_filename": "--recording-filename",
    "capture": "--capture",
    "from_": "--from",
    "speed": "--speed",
    "take_over": "--take-over",
}
"""Those that say how a feed is followed and recorded, which not every service does."""

_PATH = click.Path(path_type=Path, dir_okay=False)


def service_options() -> list[click.Option]:
    """Make these options."""
    return [*_session_options(), *_file_options(), *_air_options(), *_talk_options()]


def _session_options() -> list[click.Option]:
    return [
        click.Option(["-d", "--description"], help="What the session is, whatever the feed says."),
        click.Option(["-m", "--masquerade"], metavar="CLASS", help="Tell another service class."),
        _flag("-H", "--hidden", "List the session nowhere; that makes it no secret."),
        _flag("-N", "--do-not-record", "Keep no recording of it."),
        _flag("--disable-analysis", None, "Do not analyse it live."),
        click.Option(["--uuid"], metavar="ID", help="The first session's id, 32 digits of 0-9a-f."),
    ]


def _file_options() -> list[click.Option]:
    return [
        _file("-s", "--initial-state", "LOG", "Go on in the session of this log."),
        _file(
            "-r",
            "--recording-filename",
            "FILE",
            "Seal each session to FILE when it closes: x.jsonl.zst, x.2.jsonl.zst …",
        ),
        _file("--capture", None, "FILE", "Keep the raw frames in a new FILE."),
        click.Option(
            ["--from", "from_"],
            type=click.Path(path_type=Path, exists=True),
            multiple=True,
            metavar="CAPTURE",
            help="Follow a capture instead of the network; may be given more than once.",
        ),
        click.Option(
            ["--speed"],
            type=click.FloatRange(min=0, min_open=True),
            metavar="N",
            help="Seconds of capture for each second.  [default: 1]",
        ),
    ]


def _air_options() -> list[click.Option]:
    return [
        click.Option(
            ["--name"],
            default="main",
            show_default=True,
            help="Run beside others of this class by another name, of a-z, 0-9, _ and -.",
        ),
        click.Option(
            ["--linger"],
            type=click.FloatRange(min=0, max=600),
            default=30.0,
            show_default="30",
            metavar="SECONDS",
            help="Stay on the air for so long at least when a session is closed.",
        ),
        _flag("--standalone", None, "Run a router and the website too: nothing else need run."),
        _flag("--take-over", None, "With -s: go on though another process has it on the air."),
    ]


def _talk_options() -> list[click.Option]:
    return [
        _flag("-v", "--verbose", "Say what happens."),
        _flag("--debug", None, "Say everything."),
    ]


def _flag(name: str, long: str | None, what: str) -> click.Option:
    names = [name] if long is None else [name, long]
    return click.Option(names, is_flag=True, help=what)


def _file(name: str, long: str | None, metavar: str, what: str) -> click.Option:
    names = [name] if long is None else [name, long]
    return click.Option(names, type=_PATH, metavar=metavar, help=what)
