"""Rows: one operation of one dialect, from which its route, its page and its checks come."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from chalicelib.http.credential import AuthScheme
from chalicelib.http.permission import Permission, named_parameter
from chalicelib.http.raw_request import METHODS, PARAMETER
from chalicelib.http.refuse import ErrorFormat
from chalicelib.http.reply import JSON_MEDIA, Reply
from chalicelib.http.request import Request
from chalicelib.kernel.frozen import frozen

Ports = TypeVar("Ports")
Ask = TypeVar("Ask")
Answer = TypeVar("Answer")

HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})

OUR_SCHEMES = frozenset(
    {AuthScheme.ESCAPE_HEADER, AuthScheme.BEARER, AuthScheme.BASIC, AuthScheme.ESCAPE_COOKIE, AuthScheme.SESSION_COOKIE}
)
"""By which our own dialect, State and Inventory know their callers."""


class Mounting(StrEnum):
    """How a dialect gets into API Gateway: a resource for each path, or one that takes all."""

    EXPLICIT = "explicit"
    FALLBACK = "fallback"


class Flag(StrEnum):
    """What is unusual about a row."""

    CHANGES = "changes"
    """A GET that changes something: another site's links may not use the caller's cookies for it."""
    CLICKED = "clicked"
    """A GET that, for who comes by a cookie, only shows a page: its button sends the POST that changes something."""
    SECRET_ANSWER = "secret-answer"  # noqa: S105 - the name of a flag
    """The answer holds a secret: it is not kept for a repeated Idempotency-Key."""
    OPTIONAL_BODY = "optional-body"
    """The body may be left out."""


@frozen
class Dialect:
    """One API. title: for its page. prefixes: of the paths for which it answers even where it serves nothing."""

    name: str
    title: str
    prefixes: tuple[str, ...]
    error_format: ErrorFormat
    schemes: frozenset[AuthScheme] = OUR_SCHEMES
    mounting: Mounting = Mounting.EXPLICIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """What the API's pages say of a row's bodies, and the status of its success.

    body, answer: a shape or any type made of shapes (`dict[str, Build]`), nothing where there is none.
    query: a shape whose fields are the query's names. media: of the answer. takes: the media type of the body.
    """

    status: int = 200
    body: type[object] | None = None
    answer: type[object] | None = None
    query: type[BaseModel] | None = None
    media: str = JSON_MEDIA
    takes: str = JSON_MEDIA


NOTHING_SAID = Schema()
NO_FLAGS: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True)
class Handling(Generic[Ports, Ask, Answer]):
    """How a request is answered: `read` makes a command or query of it, `handler` does it, `show` makes the reply."""

    read: Callable[[Request], Ask]
    handler: Callable[[Ports, Ask], Answer]
    show: Callable[[Answer], Reply]

    def perform(self, ports: Ports, ask: Ask) -> Reply:
        """The reply to what was read."""
        return self.show(self.handler(ports, ask))


@frozen
class Operation:
    """A row: one operation of a dialect. path: as documented, trailing slash and all."""

    dialect: Dialect
    group: str
    methods: tuple[str, ...]
    path: str
    summary: str
    permission: Permission
    handling: Handling[Any, Any, Any]
    schema: Schema = NOTHING_SAID
    flags: frozenset[Flag] = NO_FLAGS

    @property
    def names(self) -> tuple[str, ...]:
        """The path's parameters in order."""
        return tuple(PARAMETER.findall(self.path))

    def changes(self, method: str, *, is_ambient: bool = False) -> bool:
        """Whether this method changes something. is_ambient: for who comes by what a browser adds by itself."""
        if method in HARMLESS and is_ambient and Flag.CLICKED in self.flags:
            return False
        return method not in HARMLESS or Flag.CHANGES in self.flags


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a dialect that the API's pages show under one heading."""

    dialect: Dialect
    name: str

    def operation(
        self,
        route: str,
        summary: str,
        permission: Permission,
        handling: Handling[Ports, Ask, Answer],
        *,
        schema: Schema = NOTHING_SAID,
        flags: frozenset[Flag] = NO_FLAGS,
    ) -> Operation:
        """A row of a route such as `POST|PUT /api/releases/create`."""
        methods, path = _parts(route)
        needed = named_parameter(permission)
        if needed is not None and needed not in PARAMETER.findall(path):
            raise ValueError(f"the permission of {route} speaks of {{{needed}}}, which its path has not")
        return Operation(
            dialect=self.dialect,
            group=self.name,
            methods=methods,
            path=path,
            summary=summary,
            permission=permission,
            handling=handling,
            schema=schema,
            flags=flags,
        )


def _parts(route: str) -> tuple[tuple[str, ...], str]:
    words, _, path = route.partition(" ")
    methods = tuple(words.split("|"))
    if not path.startswith("/") or "//" in path:
        raise ValueError(f"{route!r} is no route: write methods, a space and a path")
    if unknown := [method for method in methods if method not in METHODS]:
        raise ValueError(f"{route!r} has unknown methods: {', '.join(unknown)}")
    for segment in path.split("/"):
        if ("{" in segment or "}" in segment) and not PARAMETER.fullmatch(segment):
            raise ValueError(f"{route!r} has a parameter that is no whole segment: {segment}")
    return methods, path
