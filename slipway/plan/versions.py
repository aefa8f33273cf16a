"""What a version may be, and how an unresolved one is tracked. Which versions exist is asked of the inventory."""

from __future__ import annotations

import re

_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")
_QUERY = re.compile(r"[0-9]+(\.[0-9]+)*(\.@)?")
_TRACKED = {"track_major_version": 1, "track_minor_version": 2, "track_patch_version": 3}

TRACKING = frozenset({*_TRACKED, "track_version"})


def is_version(text: str) -> bool:
    """Whether this is one concrete version: digits parted by dots."""
    return _VERSION.fullmatch(text) is not None


def is_query(text: str) -> bool:
    """Whether this is a version or a prefix such as `1.0.@`."""
    return _QUERY.fullmatch(text) is not None


def is_plan_version(text: str) -> bool:
    """Whether a plan may have this version: concrete, a prefix, `@` or `auto`."""
    return text in {"@", "auto"} or is_query(text)


def auto_prefix(text: str) -> str | None:
    """What the next version is asked with (`1.0.@` gives `1.0.`), None when the version is concrete."""
    if text == "auto":
        return ""
    return text[:-1] if text.endswith("@") else None


def track(version: str, method: str) -> str:
    """The auto version that follows this one: `1.2.3` tracked by minor is `1.2.@`."""
    parts = version.split(".")
    return ".".join(parts[: _TRACKED.get(method, len(parts))]) + ".@"
