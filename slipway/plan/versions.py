"""Valid versions of a plan, and how an unresolved version is tracked. Existing versions: the inventory."""

from __future__ import annotations

from slipway_formats.version import is_unresolved, is_version

_TRACKED = {"track_major_version": 1, "track_minor_version": 2, "track_patch_version": 3}

TRACKING = frozenset({*_TRACKED, "track_version"})


def is_plan_version(text: str) -> bool:
    """True when a plan may have this version: concrete, a prefix, `@` or `auto`."""
    return text == "auto" or is_version(text) or (is_unresolved(text) and text != "latest")


def track(version: str, method: str) -> str:
    """Return the automatic version that follows this one: `1.2.3` tracked by minor is `1.2.@`."""
    parts = version.split(".")
    return ".".join(parts[: _TRACKED.get(method, len(parts))]) + ".@"
