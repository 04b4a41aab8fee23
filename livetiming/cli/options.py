"""A provider's options as options of a command, from the struct that declares them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import msgspec


def click_options(options: type[msgspec.Struct]) -> list[click.Option]:
    """Make a command's options.

    Args:
        options: a struct; each field is an option, its description the help.
    """
    return [_option(field) for field in msgspec.structs.fields(options)]


def _option(field: msgspec.structs.FieldInfo) -> click.Option:
    flag = f"--{field.name.replace('_', '-')}"
    help_ = _description(field)
    if field.type is bool:
        return click.Option([flag], is_flag=True, default=None, help=help_)
    if not field.required and field.default is not None:
        help_ = f"{help_}  [default: {field.default}]"
    return click.Option([flag], required=field.required, help=help_, metavar="VALUE")


def _description(field: msgspec.structs.FieldInfo) -> str:
    info = msgspec.inspect.type_info(field.type)
    schema = info.extra_json_schema if isinstance(info, msgspec.inspect.Metadata) else None
    return str((schema or {}).get("description", ""))


def read_options(options: type[msgspec.Struct], values: Mapping[str, Any]) -> Any:
    """Make the options' value.

    Args:
        options: the struct.
        values: what the command line gave, `None` where it gave nothing.
    Raises: `click.UsageError`, naming the option.
    """
    given = {name: value for name, value in values.items() if value is not None}
    try:
        return msgspec.convert(given, options, strict=False)
    except msgspec.ValidationError as error:
        raise click.UsageError(f"options: {error}") from error
