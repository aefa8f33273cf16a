"""Which name of a refused call is not there, and what may have been meant by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from slipway.cli.guidance.known import names
from slipway.cli.show.nearest import did_you_mean

if TYPE_CHECKING:
    from slipway.client import Client

_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        r"/api/v1/(?:state|projects|deployment-jobs/by-project|pipelines/by-project)/(?P<project>[^/]+)"
        r"(?:/(?:environments|by-environment)/(?P<environment>[^/]+))?",
        r"/api/v1/state/[^/]+/environments/[^/]+/builds/by-name/(?P<build>[^/]+)",
        r"/api/v1/deployment-jobs/by-project/[^/]+/by-environment/[^/]+/by-name/(?P<deployment>[^/]+)",
        r"/api/v1/pipelines/by-project/[^/]+/by-name/(?P<pipeline>[^/]+)",
        r"/api/v1/inventory/(?P<namespace>[^/]+)"
        r"(?:/units/(?P<application>[^/]+))?(?:/versions/(?P<version>[^/]+))?",
        r"/api/v1/users/(?P<user>[^/]+)",
        r"/api/v1/groups/(?P<group>[^/]+)",
        r"/api/v1/tokens/(?P<token>[^/]+)",
        r"/api/v1/webhooks/(?P<webhook>[^/]+)",
    )
)
"""The kinds of names in paths, an outer one before an inner one."""

_SAID = (
    re.compile(r"no environment (?P<environment>.+) in project (?P<project>[^/ ]+)"),
    re.compile(r"no deployment (?P<deployment>.+) in (?P<project>[^/ ]+)/(?P<environment>.+)"),
)
"""Names that stand in no path, as a refusal tells them."""

_ORDER = ("project", "environment", "deployment")
_WHERE = {
    "environment": " in project {project}",
    "build": " in {project}/{environment}",
    "deployment": " in {project}/{environment}",
    "pipeline": " in project {project}",
    "application": " in namespace {namespace}",
    "version": " of {namespace}/{application}",
}


def missing_name(api: Client, call: str, message: str) -> tuple[str, str] | None:
    """Return what is not there, and what may have been meant by it. call: method and path with its query.

    message: of the refusal. None if all that they name is there, or nothing can be told. Faults: ApiError.
    """
    # Webhooks may be of no project.
    given: dict[str, str] = {"project": ""}
    for kind, name in (*_named(call), *_said(message)):
        known = names(api, kind, given)
        if name not in known:
            return f"no {kind} {name}{_WHERE.get(kind, '').format_map(given)}", did_you_mean(name, known)
        given[kind] = name
    return None


def _named(call: str) -> Iterator[tuple[str, str]]:
    """Yield the kinds and names in a call, an outer one before an inner one."""
    parts = urlsplit(call.partition(" ")[2])
    if project := parse_qs(parts.query).get("project"):
        yield "project", project[0]
    for place in _PLACES:
        if found := place.match(parts.path):
            yield from ((kind, unquote(name)) for kind, name in found.groupdict().items() if name)


def _said(message: str) -> Iterator[tuple[str, str]]:
    """Yield the kinds and names of which a refusal tells, likewise."""
    for pattern in _SAID:
        if found := pattern.fullmatch(message):
            yield from ((kind, found[kind]) for kind in _ORDER if kind in pattern.groupindex)
