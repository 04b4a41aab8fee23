"""A provider's options as options of a command, from the struct that declares them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import click
import msgspec

from livetiming.services.api import variables

_TROUBLE = re.compile(r"(?P<what>.*) - at `\$\.(?P<name>\w+).*`", re.DOTALL)


def click_options(options: type[msgspec.Struct]) -> list[click.Option]:
    """Make a command's options.

    Args:
        options: a struct; each field is an option, its description the help.
    """
    set_elsewhere = variables(options)
    fields = msgspec.structs.fields(options)
    return [_option(field) for field in fields if field.name not in set_elsewhere]


def from_variables(
    options: type[msgspec.Struct], given: Mapping[str, str | None]
) -> dict[str, str | None]:
    """Take the options that only variables set.

    Args:
        options: the struct.
        given: the variables; an empty one is none.
    """
    return {name: given.get(variable) or None for name, variable in variables(options).items()}


def _option(field: msgspec.structs.FieldInfo) -> click.Option:
    help_ = _description(field)
    if isinstance(_kind(field), msgspec.inspect.BoolType):
        return click.Option([_flag(field.name)], is_flag=True, default=None, help=help_)
    if field.required:
        help_ = f"{help_}  [required]"
    elif field.default is not None:
        help_ = f"{help_}  [default: {field.default}]"
    return click.Option([_flag(field.name)], help=help_, metavar="VALUE")


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _shown(options: type[msgspec.Struct], name: str) -> str:
    """What the user sets it by."""
    return variables(options).get(name) or _flag(name)


def _description(field: msgspec.structs.FieldInfo) -> str:
    info = msgspec.inspect.type_info(field.type)
    schema = info.extra_json_schema if isinstance(info, msgspec.inspect.Metadata) else None
    return str((schema or {}).get("description", ""))


def _kind(field: msgspec.structs.FieldInfo) -> msgspec.inspect.Type:
    info = msgspec.inspect.type_info(field.type)
    return info.type if isinstance(info, msgspec.inspect.Metadata) else info


def read_options(options: type[msgspec.Struct], values: Mapping[str, Any]) -> Any:
    """Make the options' value.

    Args:
        options: the struct.
        values: what the command line gave, `None` where it gave nothing.
    Raises: `click.UsageError`, naming the option or its variable.
    """
    given = {name: value for name, value in values.items() if value is not None}
    for field in msgspec.structs.fields(options):
        if field.required and field.name not in given:
            raise click.UsageError(f"{_shown(options, field.name)} is required")
    try:
        return msgspec.convert(given, options, strict=False)
    except msgspec.ValidationError as error:
        raise click.UsageError(_in_words(options, str(error))) from error


def read_options_without_feed(options: type[msgspec.Struct], values: Mapping[str, Any]) -> Any:
    """Make the options' value where there is no feed: what is required and not given is empty.

    Args:
        options: the struct.
        values: what the command line gave, `None` where it gave nothing.
    Raises: `click.UsageError`, naming the option or its variable.
    """
    empty = {field.name: _empty(field) for field in msgspec.structs.fields(options)}
    return read_options(
        options, {name: empty[name] if value is None else value for name, value in values.items()}
    )


def _empty(field: msgspec.structs.FieldInfo) -> object:
    if not field.required:
        return None
    kind = _kind(field)
    return (getattr(kind, "ge", None) or 0) if _is_number(kind) else ""


def _is_number(kind: msgspec.inspect.Type) -> bool:
    return isinstance(kind, msgspec.inspect.IntType | msgspec.inspect.FloatType)


def _in_words(options: type[msgspec.Struct], trouble: str) -> str:
    match = _TROUBLE.fullmatch(trouble)
    if match is None:
        return f"options: {trouble}"
    return f"{_shown(options, match['name'])}: {match['what'][:1].lower()}{match['what'][1:]}"
