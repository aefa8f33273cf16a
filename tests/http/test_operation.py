"""Rows that do not fit together cannot be made."""

from dataclasses import dataclass

import pytest

from chalicelib.http.operation import operation
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import (
    Reply,
    json_reply,
)
from chalicelib.http.request import Request
from tests.http.house import STATE, House
from tests.http.rows import about, echoing, read_nothing, show_none


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


def test_a_reader_that_does_not_fit_its_verb_is_refused_by_the_type_checker() -> None:
    # Unused ignores are errors to mypy: this test fails in `make lint` when a misfit row would pass.
    operation(  # type: ignore[misc]  # the reader answers nothing, the verb takes a Named
        STATE, "GET /x", read=read_nothing, verb=keep, show=show_name, permission=AUTHENTICATED, about=about()
    )
    operation(  # type: ignore[misc]  # the verb answers a name, the shower takes nothing
        STATE, "GET /x", read=read_name, verb=keep, show=show_none, permission=AUTHENTICATED, about=about()
    )


def test_a_row_without_a_permission_cannot_be_made() -> None:
    with pytest.raises(TypeError):
        operation(STATE, "GET /x", read=read_name, verb=keep, show=show_name, about=about())  # type: ignore[call-arg]  # no permission
