"""From which version of its pipeline of gates a plan was made, as the plan's snapshot says."""

from collections.abc import Mapping

VERSION = "gated_version"
"""In a plan's snapshot: the id of its pipeline of gates, and the number of the version that it was made from."""

INFORMED = "informed"
"""Likewise: how often something had been said of the snapshot's stages."""


def version_in(snapshot: Mapping[str, object]) -> tuple[int, int] | None:
    """Return pipeline and number of the version from which a plan was made. snapshot: of the plan."""
    match snapshot.get(VERSION):
        case [int(pipeline), int(number)]:
            return pipeline, number
        case _:
            return None


def is_like(snapshot: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Return True if two plans were made from the same version, with the same said of their stages."""
    return (version_in(snapshot), snapshot.get(INFORMED, 0)) == (version_in(other), other.get(INFORMED, 0))
