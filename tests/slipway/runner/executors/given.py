"""Tasks of executors, with what they are told noted down."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from slipway.perform.logs import Log, LogLine
from slipway.perform.shell import ProcessShell
from slipway.runner.executors.port import PodState, Task
from slipway.runner.git.repository import Source
from slipway_formats.workloads.manifest import Manifest, WorkloadKind

LISTEN = (
    "import os, socket, time; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1);"
    " s.bind(('127.0.0.1', int(os.environ['PORT']))); s.listen(); time.sleep(1000)"
)
"""A program that listens at its port, and says nothing."""


@dataclass
class Told:
    """What an executor has told so far. lines: of the log. pods: each report."""

    lines: list[str] = field(default_factory=list)
    pods: list[tuple[PodState, ...]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    is_handed_back: bool = False

    @property
    def latest(self) -> tuple[PodState, ...]:
        return self.pods[-1] if self.pods else ()

    def notify(self, pods: Sequence[PodState]) -> None:
        self.pods.append(tuple(pods))

    def take(self, line: LogLine) -> None:
        self.lines.append(line.text)


def a_manifest(*cmd: str, kind: WorkloadKind = WorkloadKind.JOB, **more: object) -> Manifest:
    manifest = Manifest(kind=kind, name="it", cmd=cmd)
    return replace(manifest, **more)  # type: ignore[arg-type]  # fields of a manifest


def a_task(
    folder: Path, manifest: Manifest, told: Told, files: Path | None = None, *, attempt: int = 1, run: str = "W1-1",
    workload: str = "W1", source: Source | None = None, **secrets: str,
) -> Task:  # fmt: skip
    work = folder / "work"
    work.mkdir(exist_ok=True)
    return Task(
        workload=workload, run=run, attempt=attempt, source=source, namespace="staging", manifest=manifest,
        secrets=secrets, files=files,
        directory="app" if files is not None else "", environment={"PATH": "/usr/bin:/bin"}, folder=work,
        shell=ProcessShell(told.stop, grace=0.5), log=Log(told.take, secrets=secrets.values()), notify=told.notify,
        stop=told.stop, is_handed_back=lambda: told.is_handed_back,
    )  # fmt: skip


def kept(keep: Callable[[Task], None], task: Task) -> threading.Thread:
    """The task, kept by a thread of its own."""
    thread = threading.Thread(target=keep, args=(task,), daemon=True)
    thread.start()
    return thread
