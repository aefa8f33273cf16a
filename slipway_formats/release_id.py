"""Release ids: a release, or a query for one, in one word.

`project/name-v1.0`, `name-latest`, `name-@`, `name-v1.@`, `name:tag`, and `name:v1.0` for what could be a tag. Does not
check whether the release exists or whether new things may have its names. Source: Escape core.
"""

from __future__ import annotations

import re

from slipway_formats import version
from slipway_formats.defect import Invalid
from slipway_formats.frozen import frozen
from slipway_formats.version import Query, Tag

DEFAULT_NAMESPACE = "_"

MAX_LENGTH = 700
"""Characters of a release id."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,200}")
_NUMBERS = re.compile(r"v[0-9]+(\.[0-9]+)*(\.@)?")
_LATEST = frozenset({"latest", "@", "v@"})


@frozen
class ReleaseId:
    """A release, or a query for one, of an application in a namespace."""

    namespace: str
    application: str
    query: Query

    def __str__(self) -> str:
        return show(self)


def parse(text: str, path: str = "release_id") -> ReleaseId:
    """Parse a release id; the namespace defaults to `_`. Faults: Invalid."""
    if len(text) > MAX_LENGTH:
        raise Invalid.single(path, f"release id is over {MAX_LENGTH} characters")
    head, is_tagged, query_part = text.partition(":")
    if not is_tagged:
        head, _, query_part = text.rpartition("-")
    namespace, is_qualified, application = head.rpartition("/")
    if not is_qualified:
        namespace = DEFAULT_NAMESPACE
    if not query_part or not _NAME.fullmatch(namespace) or not _NAME.fullmatch(application):
        raise Invalid.single(path, f"invalid release format {text[:64]!r}")
    query = version.parse_query(query_part)
    if not is_tagged and not _is_written_with_dash(query_part, query):
        raise Invalid.single(path, f"invalid version string {query_part[:64]!r} in release id {text[:64]!r}")
    return ReleaseId(namespace=namespace, application=application, query=query)


def show(release_id: ReleaseId) -> str:
    """Write the id in full; parsing it returns an equal id."""
    joint = ":" if isinstance(release_id.query, Tag) else "-"
    return f"{release_id.namespace}/{release_id.application}{joint}{version.query_text(release_id.query)}"


def of_version(namespace: str, application: str, exact: str) -> str:
    """Return the full id of one release: `project/name-v1.0`."""
    return f"{namespace}/{application}-v{exact}"


def _is_written_with_dash(query_part: str, query: Query) -> bool:
    return query_part in _LATEST or (_NUMBERS.fullmatch(query_part) is not None and not isinstance(query, Tag))
