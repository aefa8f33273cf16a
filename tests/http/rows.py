"""Rows that answer what they were asked, or fail as they are told."""

from datetime import timedelta

from chalicelib.http.operation import About, Operation, operation
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


def about(status: int = 200) -> About:
    return About(group="Things", summary="Do a thing.", status=status)


def echoing(route: str) -> Operation:
    return operation(STATE, route, read=read_parameters, verb=echo, show=json_reply, permission=PUBLIC, about=about())


def replying(route: str, reply: Reply) -> Operation:
    def verb(_: House, ask: None) -> None:
        return ask

    return operation(STATE, route, read=read_nothing, verb=verb, show=lambda _: reply, permission=PUBLIC, about=about())


def failing(prefix: str) -> Operation:
    dialect = INVENTORY if "inventory" in prefix else STATE
    return operation(
        dialect,
        f"GET {prefix}/fail/{{what}}",
        read=read_parameters,
        verb=fail,
        show=show_none,
        permission=PUBLIC,
        about=about(),
    )
