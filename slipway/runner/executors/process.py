"""The executor `process`: pods are process groups of this machine, in the sandbox of their job.

Images are not run: the manifest's `cmd` runs in a copy of its directory.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.runner.executors.pod import BackOff, Pod
from slipway.runner.executors.port import Executor, Task
from slipway_formats.override import override
from slipway_formats.workloads.manifest import Manifest


class ProcessExecutor(Executor):
    """Runs workloads as processes."""

    name = "process"

    def __init__(self, back_off: BackOff | None = None) -> None:
        self._back_off = back_off or BackOff()

    @override
    def notes(self, manifest: Manifest) -> tuple[str, ...]:
        return tuple(_notes(manifest))

    @override
    def run(self, task: Task) -> int:
        _require_command(task)
        pod = Pod(task, 0, lambda: task.notify((pod.state,)), self._back_off)
        timeout = float(task.manifest.timeout_seconds) or None
        code = _run_once(task, pod, timeout)
        for attempt in range(1, task.manifest.retries + 1):
            if code == 0:
                break
            pause = self._back_off.pause(attempt)
            task.log.note(f"{pod.state.reason}; attempt {attempt + 1} in {pause:g} s")
            task.stop.wait(pause)
            pod.start_again()
            code = _run_once(task, pod, timeout)
        return code

    @override
    def keep(self, task: Task) -> None:
        _require_command(task)
        pods: list[Pod] = []

        def changed() -> None:
            task.notify([pod.state for pod in pods])

        pods.extend(Pod(task, place, changed, self._back_off) for place in range(task.manifest.replicas))
        changed()
        threads = [threading.Thread(target=pod.keep, name=pod.state.name, daemon=True) for pod in pods]
        for thread in threads:
            thread.start()
        task.stop.wait()
        for thread in threads:
            thread.join()
        if task.is_handed_back():
            for pod in pods:
                pod.stopped("its runner stops; another takes it over")


def _run_once(task: Task, pod: Pod, timeout: float | None) -> int:
    ended = pod.run(timeout)
    if ended.cancelled or task.stop.is_set():
        raise StageCancelledError("stopped")
    if ended.timed_out:
        raise StageFailedError(f"not done after {timeout:g} seconds")
    return ended.code


def _notes(manifest: Manifest) -> Iterator[str]:
    if manifest.image:
        yield f"image {manifest.image} is not run: the executor process runs cmd in a checkout"
    if manifest.image_destination:
        yield f"image {manifest.image_destination} is not built: the executor process runs cmd in a checkout"
    if manifest.memory_limit:
        yield "memory-limit is that of each process, not of all together"
    if manifest.cpu_limit:
        yield "cpu-limit is rounded up to whole processors"


def _require_command(task: Task) -> None:
    if not (task.manifest.cmd or task.manifest.args):
        raise StageFailedError("there is no cmd: the executor process runs no images")
