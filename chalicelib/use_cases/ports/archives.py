"""Port for archives of runs that have ended."""

from typing import Protocol

from chalicelib.kernel.engine.refold import RunArchive


class Archives(Protocol):
    """Runs that have ended, with all that they were given, in objects beside the tables."""

    def keep(self, archive: RunArchive) -> None:
        """Store the archive of a run, in place of an earlier one; idempotent."""

    def find(self, run_id: str) -> RunArchive | None:
        """Return the archive of a run, if there is one."""

    def forget(self, run_id: str) -> None:
        """Delete the archive of a run; a missing one is no fault."""
