"""FlexDeploy's words for the status of a snapshot and of the versions in it: pure tables."""

from collections.abc import Mapping
from enum import StrEnum

from chalicelib.kernel.definitions.gated.assembly import Assembly


class SnapshotState(StrEnum):
    """The status of a snapshot."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    INITIATED = "INITIATED"
    FAILED = "FAILED"


ASSEMBLIES: Mapping[Assembly, SnapshotState] = {
    Assembly.PENDING: SnapshotState.PENDING,
    Assembly.INITIATED: SnapshotState.INITIATED,
    Assembly.FAILED: SnapshotState.FAILED,
}


def snapshot_state(assembly: Assembly, *, builds: bool) -> SnapshotState:
    """Return the status of a snapshot. builds: something of it is built first."""
    is_assembled = assembly is Assembly.PENDING and not builds
    return SnapshotState.COMPLETED if is_assembled else ASSEMBLIES[assembly]


def version_state(state: SnapshotState, *, builds: bool) -> SnapshotState:
    """Return the status of a version in a snapshot of this status. builds: the snapshot builds it."""
    is_open = builds and state in (SnapshotState.PENDING, SnapshotState.FAILED)
    return state if is_open else SnapshotState.COMPLETED
