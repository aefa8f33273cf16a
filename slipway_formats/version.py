"""Versions of releases: dotted integers, their order, and queries for them.

`01.02` is a version distinct from `1.2` but of equal value; the order puts the plain spelling first, so it is total. A
tag is one kind of query; the inventory knows its version. Source: Escape core.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import assert_never

from slipway_formats.defect import Defect, Invalid
from slipway_formats.frozen import frozen

MAX_LENGTH = 200
"""Bytes of a version or of a tag."""

AUTOMATIC = frozenset({"@", "auto", "latest"})

_CONCRETE = re.compile(r"[0-9]{1,99}(\.[0-9]{1,99})*")
_UNRESOLVED = re.compile(r"[0-9]{1,99}(\.[0-9]{1,99})*\.@|@|latest")
_DOTTED_PREFIX = re.compile(r"([0-9]{1,99}\.)+")
_LATEST = frozenset({"latest", "@", "v@"})


@frozen
class Latest:
    """The highest version."""


@frozen
class Prefix:
    """The highest version with this prefix. prefix: ends with a dot."""

    prefix: str


@frozen
class Exact:
    """The version with exactly this spelling, without a leading v."""

    version: str


@frozen
class Tag:
    """A version query by tag: the version to which the tag points."""

    tag: str


Query = Latest | Prefix | Exact | Tag


def is_version(text: str) -> bool:
    """True when a release can have this version."""
    return len(text) <= MAX_LENGTH and _CONCRETE.fullmatch(text) is not None


def is_unresolved(text: str) -> bool:
    """True when the text stands for a version yet to be found: `latest`, `@` or `1.0.@`."""
    return len(text) <= MAX_LENGTH and _UNRESOLVED.fullmatch(text) is not None


def defects(text: str, path: str = "version") -> tuple[Defect, ...]:
    """Return why the text is not a release's version."""
    if is_version(text):
        return ()
    if is_unresolved(text):
        return (Defect(path, f"version {text!r} is not resolved"),)
    return (Defect(path, f"invalid version string {text[:64]!r}"),)


def tag_defects(text: str, path: str = "tag") -> tuple[Defect, ...]:
    """Return why the text is not a valid tag: it must not look like a version or a version query."""
    if not text or len(text.encode()) > MAX_LENGTH or not isinstance(parse_query(text), Tag):
        return (Defect(path, f"tag {text[:64]!r} is invalid"),)
    return ()


def parse_query(text: str) -> Query:
    """Parse a version query; anything that is no version is a tag. Faults: Invalid if it is empty."""
    bare = text.removeprefix("v")
    if text in _LATEST:
        return Latest()
    if text.endswith(".@"):
        return Prefix(prefix=bare.removesuffix("@"))
    if is_version(bare):
        return Exact(version=bare)
    if not text:
        raise Invalid.single("version", "version query is empty")
    return Tag(tag=text)


def query_text(query: Query) -> str:
    """Write a query as text; parsing it returns an equal query."""
    match query:
        case Latest():
            return "latest"
        case Prefix(prefix=prefix):
            return f"v{prefix}@"
        case Exact(version=version):
            return f"v{version}"
        case Tag(tag=tag):
            return tag
        case _:
            assert_never(query)


def resolve(query: Query, versions: Iterable[str], tags: Mapping[str, str]) -> str | None:
    """Return the version that the query finds, or None. tags: tag to version."""
    match query:
        case Latest():
            return latest(versions)
        case Prefix(prefix=prefix):
            return latest(version for version in versions if version.startswith(prefix))
        case Exact(version=version):
            return version if version in versions else None
        case Tag(tag=tag):
            target = tags.get(tag)
            return target if target is not None and target in versions else None
        case _:
            assert_never(query)


def latest(versions: Iterable[str]) -> str | None:
    """Return the highest of the versions, or None."""
    return max(versions, key=sort_key, default=None)


def previous(version: str, versions: Iterable[str]) -> str | None:
    """Return the highest version below this one, which need not be among them."""
    mine = sort_key(version)
    return latest(other for other in versions if sort_key(other) < mine)


def next_version(prefix: str, versions: Iterable[str]) -> str:
    """Return the prefix followed by one more than the highest number after it in any version; from 0."""
    rests = (version[len(prefix) :].split(".")[0] for version in versions if version.startswith(prefix))
    # In "1.0" nothing follows the prefix "1": such a version has no number to count from.
    return f"{prefix}{max((int(rest) for rest in rests if rest), default=-1) + 1}"


def automatic_prefix(version: str) -> str | None:
    """Return the prefix for the next version that a plan's version requests (`1.0.` for `1.0.@`); None if it is
    fixed.
    """
    if version in AUTOMATIC:
        return ""
    return version.removesuffix("@") if is_unresolved(version) else None


@lru_cache(maxsize=20_000)
def sort_key(version: str) -> str:
    """Return a string whose byte order is the order of versions. Faults: Invalid.

    Each part is written as its number of digits, in two digits, and its digits; a spelling with leading zeros is
    appended after `!`, which sorts below the dot. `1.0` is `011.010`, `01.0` is `011.010!01.0`.
    """
    if not _CONCRETE.fullmatch(version):
        raise Invalid.single("version", f"invalid version string {version[:64]!r}")
    plain = [part.lstrip("0") or "0" for part in version.split(".")]
    key = ".".join(f"{len(part):02d}{part}" for part in plain)
    return key if ".".join(plain) == version else f"{key}!{version}"


def is_plain_prefix(prefix: str) -> bool:
    """True when the prefix is empty, or consists of whole parts without leading zeros."""
    parts = prefix.removesuffix(".").split(".")
    return prefix == "" or (
        _DOTTED_PREFIX.fullmatch(prefix) is not None and all(part == (part.lstrip("0") or "0") for part in parts)
    )


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return the lowest and highest sort key of versions with this prefix.

    For a prefix of whole parts (`1.0.`) everything in the range has the prefix, except spellings with leading zeros
    such as `01.0.3`; for any other prefix the range covers all versions. So always filter by the text.
    """
    if _DOTTED_PREFIX.fullmatch(prefix):
        key = sort_key(prefix.removesuffix(".")).split("!")[0]
        return f"{key}.", f"{key}/"
    return "0", ":"
