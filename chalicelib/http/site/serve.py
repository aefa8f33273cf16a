"""Answer one request: find the row, authenticate, authorise, read, handle, show, and convert errors.

This is the only place of http that catches every exception.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, assert_never

from chalicelib.http.answers.answer_size import ACCEPTED, within_limits
from chalicelib.http.answers.etag import ASKED, unless_known
from chalicelib.http.answers.idempotency import HEADER, KeyedRequest, OtherBody, checked_key, form_key, once, seed_of
from chalicelib.http.callers.authenticate import credential_of
from chalicelib.http.callers.authorise import Authority, authorise, authorise_job
from chalicelib.http.callers.cookies import is_foreign, is_wanted, says_site
from chalicelib.http.credential import AMBIENT, AuthScheme
from chalicelib.http.operation import Flag, Operation
from chalicelib.http.permission import AuthenticatedOrOpen, Public
from chalicelib.http.query import Query
from chalicelib.http.raw_request import RawRequest
from chalicelib.http.refuse import (
    refuse,
    refuse_method,
    refuse_other_body,
    refuse_path,
    refuse_unforeseen,
)
from chalicelib.http.reply import Reply, redirect_reply
from chalicelib.http.request import FORM, Request
from chalicelib.http.request_context import Ports, RequestContext
from chalicelib.http.shape import LARGEST_JSON
from chalicelib.http.site.match import Found, Table, Unknown, WrongMethod
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import EVERY_PROJECT, Level, role_in
from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.faults import Conflict, Fault, Forbidden, Invalid, NotFound, TooLarge, Unauthenticated

LOG = logging.getLogger("slipway.http")
ANYBODY = Principal(name="anybody", roles=frozenset({role_in(EVERY_PROJECT, Level.READ)}))
"""Who comes without credentials to a row that is open."""

EMPTY_SEGMENTS = re.compile("//+")


@dataclass(frozen=True, slots=True)
class Site(Generic[Ports]):
    """The table of rows, and the context in which requests are answered."""

    table: Table
    context: RequestContext[Ports]

    def serve(self, raw: RawRequest) -> Reply:
        """Return the reply to a request, whatever happens."""
        identified = raw if raw.id else replace(raw, id=self.context.new_id())
        match self.table.find(raw.method, raw.path):
            case Found(operation=row, parameters=parameters):
                reply = self._answered(row, parameters, identified)
            case WrongMethod(dialect=dialect, methods=methods):
                reply = refuse_method(dialect.error_format, methods, identified)
            case Unknown(dialect=dialect):
                reply = self._redirected(identified) or refuse_path(dialect.error_format, identified)
            case other:
                assert_never(other)
        return replace(reply, headers={"X-Request-Id": identified.id, **reply.headers})

    def largest_body(self, raw: RawRequest) -> int:
        """Return the longest body that the row takes, before the body is read; 0 if it would refuse any."""
        match self.table.find(raw.method, raw.path):
            case Found(operation=row, parameters=parameters):
                try:
                    _Exchange(self.context, row, raw).let_in(parameters)
                except (Unauthenticated, Forbidden, NotFound):
                    return 0
                except Fault:
                    return LARGEST_JSON
                return sys.maxsize if Flag.LARGE_BODY in row.flags else LARGEST_JSON
            case _:
                return 0

    def _redirected(self, raw: RawRequest) -> Reply | None:
        """Return a redirect to the path without empty segments, in dialects that clean paths."""
        cleaned = EMPTY_SEGMENTS.sub("/", raw.path)
        if cleaned == raw.path or not self.table.dialect_of(cleaned).error_format.cleans_paths:
            return None
        return redirect_reply(replace(raw, path=cleaned).target, 301)

    def _answered(self, row: Operation, parameters: Mapping[str, str], raw: RawRequest) -> Reply:
        try:
            reply = _finished(row, _Exchange(self.context, row, raw).reply(parameters))
            if raw.method in ("GET", "HEAD"):
                reply = unless_known(reply, raw.headers.get(ASKED, ""))
            return within_limits(reply, raw.headers.get(ACCEPTED, ""))
        except Fault as fault:
            return refuse(row.dialect.error_format, fault, raw)
        except Exception as error:  # noqa: BLE001 - the last resort: the caller gets an answer and the log a line
            _log(row, raw, error)
            return refuse_unforeseen(row.dialect.error_format, raw)


@dataclass(frozen=True, slots=True)
class _Exchange(Generic[Ports]):
    context: RequestContext[Ports]
    row: Operation
    raw: RawRequest

    def reply(self, parameters: Mapping[str, str]) -> Reply:
        ports, request = self.let_in(parameters)
        if request.method == "HEAD" and Flag.CHANGES in self.row.flags:
            return Reply()
        reply, finish = self._performed(ports, request), self.row.dialect.finish
        return reply if finish is None or request.principal is None else finish(ports, request, reply)

    def _performed(self, ports: Ports, request: Request) -> Reply:
        key = self._key(request) if request.method == "POST" else ""
        if not key:
            return self.row.handling.perform(ports, self.row.handling.read(request))
        return self._once(ports, request, key)

    def _key(self, request: Request) -> str:
        """Return the idempotency key of a request; empty without one. Faults: Invalid."""
        takes_form = self.row.schema.takes == FORM
        return checked_key(request.header(HEADER)) or (form_key(request.path, request.content) if takes_form else "")

    def let_in(self, parameters: Mapping[str, str]) -> tuple[Ports, Request]:
        """Return the ports and the authorised request. Faults: Unauthenticated, Forbidden, NotFound."""
        ports = self.context.ports_of()
        request = self._authenticated(ports, self._request(parameters))
        authorise(Authority(self.context, ports), self.row.permission, request)
        authorise_job(self.row, request)
        return ports, request

    def _request(self, parameters: Mapping[str, str]) -> Request:
        return Request(
            method=self.raw.method,
            path=self.raw.path,
            parameters=parameters,
            query=Query(self.raw.query, self.row.query_names),
            headers=self.raw.headers,
            content=self.raw.content,
            principal=None,
            id=self.raw.id,
            seed=self.context.new_id(),
            now=self.context.now(),
        )

    def _authenticated(self, ports: Ports, request: Request) -> Request:
        if isinstance(self.row.permission, Public):
            return request
        credential = credential_of(request, self._accepted(ports, request))
        if credential is None:
            is_open = isinstance(self.row.permission, AuthenticatedOrOpen) and self.context.is_open(ports)
            return replace(request, principal=ANYBODY) if is_open else request
        principal = self.context.principal_of(ports, credential, request.now)
        return replace(request, principal=principal, is_ambient=_is_ambient(request, credential.scheme))

    def _accepted(self, ports: Ports, request: Request) -> frozenset[AuthScheme]:
        """Return the accepted credential types: for a change, no cookie unless it proves the user's intent."""
        schemes, public_url = self.row.dialect.schemes, self.context.public_url_of(ports)
        if not self.row.changes(request.method, is_ambient=True):
            return schemes
        # A password that a browser remembers goes with every page's requests too.
        remembered = {AuthScheme.BASIC} if is_foreign(request, public_url) else frozenset[AuthScheme]()
        return schemes - remembered if is_wanted(request, public_url) else schemes - AMBIENT - remembered

    def _once(self, ports: Ports, request: Request, key: str) -> Reply:
        by = request.principal
        # A user, a runner and a job may have the same name.
        # All API keys of nobody have one name, and what one has done is not for another to see.
        scope = f"{owner_key(by.kind, by.name)}{by.token if by.grants is not None else ''}" if by else ""
        keyed = replace(request, seed=seed_of(scope, key))
        keyed_request = KeyedRequest(
            key=key,
            scope=scope,
            # Whether a path's last slash gets here depends on whether a catch-all takes it, which a version may change.
            content=(
                request.method.encode(),
                request.path.rstrip("/").encode(),
                repr(request.query).encode(),
                request.content,
            ),
            holder=request.seed,
            now=request.now,
            secret=Flag.SECRET_ANSWER in self.row.flags,
        )
        act = partial(self._settled, ports, self.row.handling.read(keyed))
        match once(self.context.records_of(ports), keyed_request, act):
            case Reply() as reply:
                return reply
            case OtherBody():
                return refuse_other_body(self.row.dialect.error_format, self.raw)
            case other:
                assert_never(other)

    def _settled(self, ports: Ports, command: object) -> Reply:
        """Return the final reply, which may be a refusal. Faults that a retry may avoid are raised, and not stored."""
        try:
            return self.row.handling.perform(ports, command)
        except (Invalid, Forbidden, NotFound, Conflict, TooLarge) as fault:
            return refuse(self.row.dialect.error_format, fault, self.raw)


def _is_ambient(request: Request, scheme: AuthScheme) -> bool:
    """Return True if the credential was added by a browser itself, as far as can be told."""
    return scheme in AMBIENT or (scheme is AuthScheme.BASIC and says_site(request))


def _finished(row: Operation, reply: Reply) -> Reply:
    """Return the reply with the row's status; not cacheable unless the row is public."""
    kept = {} if isinstance(row.permission, Public) else {"Cache-Control": "no-store"}
    headers = {"X-Content-Type-Options": "nosniff", **kept, **reply.headers}
    return replace(reply, status=reply.status or row.schema.status, headers=headers)


def _log(row: Operation, raw: RawRequest, error: Exception) -> None:
    # The row's path, not the request's: paths of webhooks and confirmations contain secrets.
    line = {
        "event": "unforeseen",
        "request": raw.id,
        "operation": f"{raw.method} {row.path}",
        "dialect": row.dialect.name,
        "error": f"{type(error).__name__}: {error}",
        "traceback": traceback.format_exception(error),
    }
    LOG.error(json.dumps(line, ensure_ascii=False))
