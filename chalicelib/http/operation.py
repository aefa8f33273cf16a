"""Rows: one operation of one dialect, from which its route, documentation and permission check are made."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from chalicelib.http.credential import AuthScheme
from chalicelib.http.permission import Permission, named_parameter
from chalicelib.http.raw_request import METHODS, PARAMETER
from chalicelib.http.refuse import ErrorFormat
from chalicelib.http.reply import JSON_MEDIA, Reply
from chalicelib.http.request import Request
from slipway_formats.frozen import frozen

Ports = TypeVar("Ports")
Command = TypeVar("Command")
Answer = TypeVar("Answer")

HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})

OUR_SCHEMES = frozenset(
    {AuthScheme.ESCAPE_HEADER, AuthScheme.BEARER, AuthScheme.BASIC, AuthScheme.ESCAPE_COOKIE, AuthScheme.SESSION_COOKIE}
)
"""Accepted by the platform, State and Inventory dialects."""


class Mounting(StrEnum):
    """How a dialect is mounted in API Gateway: a resource for each path, or the catch-all resource."""

    EXPLICIT = "explicit"
    FALLBACK = "fallback"


class Flag(StrEnum):
    """What is special about a row."""

    CHANGES = "changes"
    """A GET that changes something: requests from other sites may not use the caller's cookies for it."""
    READS = "reads"
    """A POST that changes nothing: what is asked of it has no place in an address."""
    CLICKED = "clicked"
    """A GET that, for who comes by a cookie, only shows a page: its button sends the POST that changes something."""
    SECRET_ANSWER = "secret-answer"  # noqa: S105 - the name of a flag
    """The answer contains a secret, so it is not stored for its Idempotency-Key."""
    LARGE_BODY = "large-body"
    """The body is a file, of any length."""
    OPTIONAL_BODY = "optional-body"
    """The body may be omitted."""
    FOR_JOBS = "for-jobs"
    """Open to jobs, as far as their level allows it: of rows that need `write`, to those of a service account with it.

    Other rows that change something are closed to all jobs, unless a job's level or less is enough for them.
    """


@frozen
class Dialect:
    """One API. title: for its documentation. prefixes: of the paths that it answers for, also with 404.

    is_of_pages: browsers find in its links what it takes, so that its query parameters need no documentation.
    finish: what each reply to a known caller is given at last, by ports and request.
    """

    name: str
    title: str
    prefixes: tuple[str, ...]
    error_format: ErrorFormat
    schemes: frozenset[AuthScheme] = OUR_SCHEMES
    mounting: Mounting = Mounting.EXPLICIT
    is_of_pages: bool = False
    finish: Callable[[Any, Request, Reply], Reply] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The documented bodies of a row, and its status of success.

    body, answer: a shape or a type made of shapes (`dict[str, Build]`), or None. query: a shape whose fields are the
    query parameters. media: of the answer. takes: media type of the body.
    """

    status: int = 200
    body: type[object] | None = None
    answer: type[object] | None = None
    query: type[BaseModel] | None = None
    media: str = JSON_MEDIA
    takes: str = JSON_MEDIA


EMPTY_SCHEMA = Schema()
NO_FLAGS: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True)
class Handling(Generic[Ports, Command, Answer]):
    """How a request is handled: `read` makes a command or query, `handler` executes it, `show` makes the reply."""

    read: Callable[[Request], Command]
    handler: Callable[[Ports, Command], Answer]
    show: Callable[[Answer], Reply]

    def perform(self, ports: Ports, command: Command) -> Reply:
        """Execute what was read and return the reply."""
        return self.show(self.handler(ports, command))


@frozen
class Operation:
    """A row: one operation of a dialect. path: as documented, including a trailing slash."""

    dialect: Dialect
    group: str
    methods: tuple[str, ...]
    path: str
    summary: str
    permission: Permission
    handling: Handling[Any, Any, Any]
    schema: Schema = EMPTY_SCHEMA
    flags: frozenset[Flag] = NO_FLAGS

    @property
    def names(self) -> tuple[str, ...]:
        """Return the path parameters in order."""
        return tuple(PARAMETER.findall(self.path))

    @property
    def query_names(self) -> frozenset[str] | None:
        """Return the names of the query parameters that are documented, which alone can be read; None for pages."""
        if self.dialect.is_of_pages:
            return None
        return _names_in(self.schema.query) if self.schema.query is not None else frozenset()

    def changes(self, method: str, *, is_ambient: bool = False) -> bool:
        """True when a request with this method changes something."""
        is_shown = method in HARMLESS and is_ambient and Flag.CLICKED in self.flags
        if is_shown or Flag.READS in self.flags:
            return False
        return method not in HARMLESS or Flag.CHANGES in self.flags


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a dialect under one heading of the documentation."""

    dialect: Dialect
    name: str

    def operation(
        self,
        route: str,
        summary: str,
        permission: Permission,
        handling: Handling[Ports, Command, Answer],
        *,
        schema: Schema = EMPTY_SCHEMA,
        flags: frozenset[Flag] = NO_FLAGS,
    ) -> Operation:
        """Return the row of a route such as `POST|PUT /api/releases/create`."""
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


@cache
def _names_in(shape: type[BaseModel]) -> frozenset[str]:
    """Return the names of a shape's fields as they are sent."""
    return frozenset(field.alias or name for name, field in shape.model_fields.items())


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
