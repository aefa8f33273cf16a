"""What an earlier attempt at the same build step has pushed: a retry goes on from there."""

from __future__ import annotations

from dataclasses import dataclass

from slipway.perform.git_program import Origin
from slipway.plan.ports import InventoryPort, MadeRelease, MissingReleaseError
from slipway.plan.release import Release

AUTOMATIC = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Which attempt this is. run: of the platform. is_first: nothing was tried in it before."""

    run: str = ""
    is_first: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A release that a step is about to make. version: as the plan says it. tagged_at: where it will be tagged."""

    release: Release
    version: str
    tagged_at: Origin | None = None

    @property
    def query(self) -> str:
        """What finds the release that an earlier attempt may have made in its place."""
        if AUTOMATIC not in self.version:
            return f"v{self.release.version}"
        before, dot, _ = self.release.version.rpartition(".")
        return f"v{before}{dot}{AUTOMATIC}" if before else "latest"


def find_earlier(wanted: Wanted, attempt: Attempt, inventory: InventoryPort) -> MadeRelease | None:
    """Return the release of this commit that is left to be finished; None if a new one is to be made.

    One that an earlier attempt of the run made, or one that should have been tagged and is not.
    """
    release, commit = wanted.release, wanted.release.revision.revision
    if not commit or (attempt.is_first and wanted.tagged_at is None):
        return None
    try:
        made = inventory.made(release.project, release.name, wanted.query)
    except MissingReleaseError:
        return None
    if made.revision != commit:
        return None
    is_ours = not attempt.is_first and made.run == attempt.run
    lacks_tag = wanted.tagged_at is not None and made.has_package and not wanted.tagged_at.is_tagged(made.id)
    return made if is_ours or lacks_tag else None
