"""Workloads: what is to run in an environment, as its manifest says. Each deploy makes one; their pods: pods.py.

What runs is a run of the engine, whose one job a runner holds for as long as there is something to run.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from slipway_formats.frozen import frozen
from slipway_formats.workloads.manifest import LASTING, Manifest, WorkloadKind


class WorkloadPhase(StrEnum):
    """The state of a workload's record. What becomes of its run: status.py."""

    PENDING = "pending"
    CURRENT = "current"
    REFUSED = "refused"
    REPLACED = "replaced"
    DELETED = "deleted"


GONE = frozenset({WorkloadPhase.REPLACED, WorkloadPhase.DELETED})
"""Phases of what is listed no more."""


@frozen
class CodeSource:
    """Where a workload's files are. repository: its registered name. directory: with the manifest.

    commit: empty for the newest of the branch; known once the manifest was read. private_key, password: names of
    secrets.
    """

    repository: str
    directory: str
    url: str
    branch: str = ""
    commit: str = ""
    username: str = ""
    private_key: str = ""
    password: str = ""


@frozen
class Workload:
    """A workload. id: also of the run that reads its manifest. namespace: the environment, as its deployer called it.

    name: blank until it is known. given_name, given_schedule: of whoever deployed, instead of the manifest's.
    given_env: over the manifest's variables. jobs_only: it is a task of a pipeline, which nothing but a job can be.
    run: the latest run. keeps: how many runs were to keep it so far. failures: of these, that ended soon, one after
    another. ended_run: the last of them whose end was noted. message: why it was refused, or what replaced it. notes:
    what of the manifest does not apply. updates: it took the place of another. follows: the one whose pods serve until
    its own are ready. last_fire, next_fire: of a cronjob. jobs: ids of those that
    it has started and that are listed.
    look_at: when somebody must look at it. available_at: when all its pods were ready for the first time. is_counted:
    among the current ones of its environment, as the store keeps it.
    """

    id: str
    project: str
    environment: str
    namespace: str
    name: str = ""
    kind: WorkloadKind | None = None
    pool: str = "default"
    by: str
    created_at: datetime
    source: CodeSource | None = None
    given_name: str = ""
    given_schedule: str = ""
    given_env: Mapping[str, str] = field(default_factory=dict)
    jobs_only: bool = False
    manifest: Manifest | None = None
    phase: WorkloadPhase = WorkloadPhase.PENDING
    run: str = ""
    keeps: int = 0
    failures: int = 0
    ended_run: str = ""
    message: str = ""
    notes: tuple[str, ...] = ()
    updates: bool = False
    follows: str = ""
    last_fire: datetime | None = None
    next_fire: datetime | None = None
    jobs: tuple[str, ...] = ()
    look_at: datetime | None = None
    available_at: datetime | None = None
    ended_at: datetime | None = None
    is_counted: bool = False
    version: int = 0

    @property
    def lasts(self) -> bool:
        """Whether its pods are kept running."""
        return self.kind in LASTING

    @property
    def is_current(self) -> bool:
        """Whether it holds its name."""
        return self.phase is WorkloadPhase.CURRENT


def titled(workload: Workload) -> str:
    """What messages call a workload."""
    kind = workload.kind or "workload"
    return f"{kind} {workload.name or workload.id} in namespace {workload.namespace}"
