"""The port of executors: how a runner runs what workloads say. A job holds its lease for as long as its pods run.

What an executor starts carries the workload's id and the run's, so that whoever comes later finds it: while an update
rolls out, runs of two workloads of one name are kept at the same time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from slipway.perform.logs import Log
from slipway.perform.shell import Shell
from slipway.runner.git.repository import Source
from slipway_formats.workloads.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class PodState:
    """A pod. phase: Pending, Running, Succeeded, Failed or Unknown. started_at: RFC 3339. restarts, exit_code: so far.

    ready: its port answers. address: where, as this machine reaches it. reason: why it does not run, or is not ready.
    """

    name: str
    phase: str = "Pending"
    started_at: str = ""
    restarts: int = 0
    exit_code: int | None = None
    ready: bool = False
    address: str = ""
    image: str = ""
    node: str = ""
    reason: str = ""


Notify = Callable[[Sequence[PodState]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an executor runs. workload, run: ids. attempt: at the run, from 1. files: a checkout; None if there is none.

    source: of the files, with the commit. environment: of its programs, without the manifest's and the secrets. folder:
    of the job, which its programs may write. notify: is told of all pods whenever one changes. stop: is set when they
    are to stop. is_handed_back: whether another runner takes them over then.
    """

    workload: str
    run: str
    namespace: str
    manifest: Manifest
    secrets: Mapping[str, str] = field(repr=False)
    files: Path | None
    directory: str
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    shell: Shell
    log: Log
    notify: Notify
    stop: threading.Event
    is_handed_back: Callable[[], bool]
    attempt: int = 1
    pool: str = "default"
    source: Source | None = None


class Executor(Protocol):
    """Runs workloads."""

    name: str

    def notes(self, manifest: Manifest) -> tuple[str, ...]:
        """Return what of the manifest this executor does not do, in sentences for people."""

    def run(self, task: Task) -> int:
        """Run one pod to its end, again as often as the manifest allows, and return its last exit code.

        Faults: StageCancelledError if it was stopped; StageFailedError if it took too long; OSError.
        """

    def keep(self, task: Task) -> None:
        """Keep the replicas running until the task is stopped; then none of them is left, and their ports are closed.

        Unless it is handed back, what belongs to the workload is gone too. Faults: OSError.
        """
