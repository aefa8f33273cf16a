"""Rows that answer what they were asked, or fail as they are told."""

from datetime import timedelta

from chalicelib.http.operation import Group, Handling, Operation
from chalicelib.http.permission import PUBLIC
from chalicelib.http.reply import (
    Json,
    Reply,
    empty_reply,
    json_reply,
)
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Conflict, Fault, Invalid, Limited, NotFound, Stale, Throttled, TooLarge
from tests.http.house import INVENTORY, STATE, House

THINGS = Group(STATE, "Things")

FAULTS: dict[str, Fault] = {
    "conflict": Conflict("environment staging exists"),
    "stale": Stale("run r1 has changed"),
    "large": TooLarge("too much"),
    "throttled": Throttled("a moment"),
    "limited": Limited("too many wrong secrets", timedelta(seconds=59, milliseconds=1)),
    "missing": NotFound("no release R7"),
    "invalid": Invalid.single("name", "is no name"),
}


def read_nothing(request: Request) -> None:
    assert request.id == "request-7"


def read_parameters(request: Request) -> dict[str, str]:
    return dict(request.parameters)


def echo(_: House, ask: Json) -> Json:
    return ask


def fail(_: House, ask: dict[str, str]) -> None:
    if ask["what"] == "bug":
        raise RuntimeError("a bug of ours")
    raise FAULTS[ask["what"]]


def show_none(_: None) -> Reply:
    return empty_reply()


def echoing(route: str) -> Operation:
    return THINGS.operation(route, "Echo.", PUBLIC, Handling(read_parameters, echo, json_reply))


def replying(route: str, reply: Reply) -> Operation:
    def do_nothing(_: House, ask: None) -> None:
        return ask

    def show(_: None) -> Reply:
        return reply

    return THINGS.operation(route, "Reply.", PUBLIC, Handling(read_nothing, do_nothing, show))


def failing(prefix: str) -> Operation:
    dialect = INVENTORY if "inventory" in prefix else STATE
    group = Group(dialect, "Things")
    return group.operation(f"GET {prefix}/fail/{{what}}", "Fail.", PUBLIC, Handling(read_parameters, fail, show_none))
