"""A provider's options as those of a command, and those that only a variable sets."""

from typing import Annotated

import click
import msgspec
import pytest

from livetiming.cli.options import (
    click_options,
    from_variables,
    read_options,
    read_options_without_feed,
)
from livetiming.services import from_environment
from livetiming.services.api import variables


class Options(msgspec.Struct, frozen=True, kw_only=True):
    host: Annotated[str, msgspec.Meta(description="where the server is")]
    laps: Annotated[int, msgspec.Meta(ge=1, description="how many")] = 5
    token: Annotated[str | None, from_environment("LIVETIMING_X_TOKEN", "for all of it")] = None


def test_an_option_that_only_a_variable_sets_is_none_of_the_command():
    assert [option.name for option in click_options(Options)] == ["host", "laps"]
    assert variables(Options) == {"token": "LIVETIMING_X_TOKEN"}


def test_it_is_taken_from_the_variable():
    found = from_variables(Options, {"LIVETIMING_X_TOKEN": "abc", "OTHER": "x"})
    assert read_options(Options, {"host": "h", **found}) == Options(host="h", token="abc")


@pytest.mark.parametrize("given", [{}, {"LIVETIMING_X_TOKEN": ""}, {"LIVETIMING_X_TOKEN": None}])
def test_an_empty_variable_is_none(given):
    assert from_variables(Options, given) == {"token": None}


def test_what_is_required_is_asked_for_and_where_there_is_no_feed_it_is_not():
    with pytest.raises(click.UsageError, match="--host is required"):
        read_options(Options, {"host": None})
    assert read_options_without_feed(Options, {"host": None, "laps": None}) == Options(host="")


def test_a_wrong_value_names_its_option():
    with pytest.raises(click.UsageError, match="--laps: expected `int` >= 1"):
        read_options(Options, {"host": "h", "laps": "0"})


class Secret(msgspec.Struct, frozen=True, kw_only=True):
    pin: Annotated[int, msgspec.Meta(ge=1000), from_environment("LIVETIMING_X_PIN", "for all")]


@pytest.mark.parametrize("given", [{}, {"pin": "12"}, {"pin": "secret"}])
def test_what_is_wrong_with_a_variable_names_the_variable_and_not_what_it_holds(given):
    with pytest.raises(click.UsageError, match=r"^LIVETIMING_X_PIN") as told:
        read_options(Secret, given)
    assert "secret" not in str(told.value)
