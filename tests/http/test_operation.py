"""Rows that do not fit together cannot be made."""

from dataclasses import dataclass

import pytest

from chalicelib.http.operation import Handling
from chalicelib.http.permission import PUBLIC
from chalicelib.http.reply import (
    Reply,
    json_reply,
)
from chalicelib.http.request import Request
from tests.http.house import House
from tests.http.rows import THINGS, echoing, read_nothing, show_none


@dataclass(frozen=True)
class Named:
    name: str


def read_name(request: Request) -> Named:
    return Named(request.id)


def keep(house: House, ask: Named) -> str:
    house.done.append(ask.name)
    return ask.name


def show_name(name: str) -> Reply:
    return json_reply({"name": name})


@pytest.mark.parametrize("route", ["GET x", "GET", "FETCH /x", "GET /x/a{b}", "GET /x//y"])
def test_a_route_that_is_none_is_refused(route: str) -> None:
    with pytest.raises(ValueError, match=r"no route|unknown methods|whole segment"):
        echoing(route)


def test_a_reader_that_does_not_fit_its_handler_is_refused_by_the_type_checker() -> None:
    # Unused ignores are errors to mypy: this test fails in `make lint` when a misfit row would pass.
    Handling(read_nothing, keep, show_name)  # type: ignore[misc]  # the reader answers nothing, the handler takes a Named
    Handling(read_name, keep, show_none)  # type: ignore[misc]  # the handler answers a name, the shower takes nothing
    Handling(keep, read_name, show_name)  # type: ignore[arg-type,misc]  # reader and handler stand in each other's place
    THINGS.operation("GET /x", "Do.", PUBLIC, keep)  # type: ignore[arg-type]  # a handler alone is no handling


def test_a_row_without_a_permission_cannot_be_made() -> None:
    with pytest.raises(TypeError):
        THINGS.operation("GET /x", "Do.", handling=Handling(read_name, keep, show_name))  # type: ignore[call-arg]  # no permission
