"""One pod of the executor `process`: a program in a fresh copy of its files, started again when it has died."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from slipway.perform.logs import Log, LogLine
from slipway.perform.shell import Ended, Program
from slipway.runner.executors.limits import limited
from slipway.runner.executors.listening import HOST, PortPool, answers
from slipway.runner.executors.port import PodState, Task
from slipway.runner.workspace import remove_folder
from slipway_formats.workloads.manifest import LASTING, WorkloadKind

PORT = "PORT"
"""The variable that tells a program at which port to listen. `$(PORT)` in its command is replaced by it."""

PORTS = PortPool()
"""Those of this process."""

_NAMED = re.compile(r"\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)")
_CODE = "/code/"
_SOON, _SELDOM = 0.1, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """Pauses before a pod starts again, in seconds. steady: after running so long it begins with the first anew."""

    first: float = 0.5
    longest: float = 60.0
    steady: float = 60.0

    def pause(self, deaths: int) -> float:
        """Return the pause after so many deaths in a row, from 1."""
        return float(min(self.first * 2 ** min(deaths - 1, 16), self.longest))


@dataclass(slots=True)
class Pod:
    """A pod. place: among its replicas. changed: is called whenever its state has changed."""

    task: Task
    place: int
    changed: Callable[[], None]
    back_off: BackOff = field(default_factory=BackOff)
    state: PodState = field(init=False)
    _log: Log = field(init=False)
    _port: int = 0
    _has_answered: bool = False

    def __post_init__(self) -> None:
        manifest = self.task.manifest
        name = f"{_named(self.task)}-{self.place}"
        image = manifest.image or manifest.image_destination
        self.state = PodState(name=name, image=image, node=socket.gethostname())
        secrets = self.task.secrets.values()
        self._log = Log(self._said, limit=1 << 62, secrets=secrets) if self._is_named else self.task.log

    def run(self, timeout: float | None = None) -> Ended:
        """Run the program once, to its end. Faults: OSError."""
        with PORTS.given(self.task.manifest.container_port) as port:
            self._port, self._has_answered = port, False
            return self._run_at(port, timeout)

    def _run_at(self, port: int, timeout: float | None) -> Ended:
        folder = self._fresh_folder()
        environment = self._environment(port)
        words = limited(self._command(folder, environment), self.task.manifest, self.place)
        program = Program(argv=words, folder=folder, environment=environment, timeout=timeout)
        self._set(phase="Running", started_at=datetime.now(UTC).isoformat(), reason="", ready=False)
        gone = threading.Event()
        watching = threading.Thread(target=self._watch, args=(port, gone), daemon=True)
        watching.start()
        try:
            ended = self.task.shell.run(program, self._log)
        finally:
            gone.set()
            watching.join()
        phase = "Succeeded" if ended.code == 0 else "Failed"
        self._set(phase=phase, exit_code=ended.code, ready=False, address="", reason=_reason(ended))
        return ended

    def keep(self) -> None:
        """Run the program until the task is stopped, each time anew when it has ended, later and later."""
        deaths = 0
        while not self.task.stop.is_set():
            begun = time.monotonic()
            try:
                reason = _reason(self.run()) + self._hint()
            except OSError as error:
                reason = str(error)
            if self.task.stop.is_set():
                return
            deaths = 1 if time.monotonic() - begun >= self.back_off.steady else deaths + 1
            pause = self.back_off.pause(deaths)
            self._set(phase="Pending", ready=False, address="", reason=f"{reason}; starts again in {pause:g} s")
            self.task.log.note(f"pod {self.state.name}: {self.state.reason}")
            self.task.stop.wait(pause)
            self.start_again()

    def _hint(self) -> str:
        """Say that the program could not have its usual port, where that may be why it ended; else nothing."""
        wanted = self.task.manifest.container_port
        if self._has_answered or self._port == wanted:
            return ""
        return f" (port {wanted} is in use: it has to listen at {self._port}, as the variable {PORT} says)"

    def start_again(self) -> None:
        """Count another start."""
        self._set(restarts=self.state.restarts + 1)

    def stopped(self, reason: str) -> None:
        """Note that the pod does not run any more."""
        self._set(phase="Pending", ready=False, address="", reason=reason)

    @property
    def _is_named(self) -> bool:
        """Whether lines of its log begin with its name: not those of a job, which has one pod."""
        return self.task.manifest.kind in LASTING

    def _said(self, line: LogLine) -> None:
        self.task.log.line(line.stream, f"[{self.state.name}] {line.text}")

    def _set(self, **fields: object) -> None:
        self.state = replace(self.state, **fields)  # type: ignore[arg-type]  # fields of a pod's state
        self.changed()

    def _fresh_folder(self) -> Path:
        """Return where the program starts: in a new copy of the files, which an earlier start has not touched."""
        folder = self.task.folder / "pods" / self.state.name
        remove_folder(folder)
        if self.task.files is None:
            folder.mkdir(parents=True)
            return folder
        shutil.copytree(self.task.files, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        return folder / self.task.directory

    def _environment(self, port: int) -> dict[str, str]:
        own = {"SLIPWAY_POD": self.state.name, **({PORT: str(port)} if port else {})}
        return {**self.task.environment, **own, **self.task.manifest.env, **self.task.secrets}

    def _command(self, folder: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
        """Return the command, with variables and places of an image's code as they are here."""
        given = (*self.task.manifest.cmd, *self.task.manifest.args)
        words = tuple(_NAMED.sub(lambda found: _value(found, environment), word) for word in given)
        return tuple(_at_home(word, folder) for word in words)

    def _watch(self, port: int, gone: threading.Event) -> None:
        """Note while the program runs whether it is ready: once its port answers, or soon where it has none."""
        if not port:
            if not gone.wait(_SELDOM):
                self._set(ready=True)
            return
        while not gone.wait(_SELDOM if self.state.ready else _SOON):
            is_ready = answers(port)
            if is_ready != self.state.ready and not gone.is_set():
                self._has_answered |= is_ready
                self._set(ready=is_ready, address=f"http://{HOST}:{port}" if is_ready else "")


def _named(task: Task) -> str:
    """Return what pods are called before their number: of a cronjob by the fire too, with which the run's id ends."""
    name = task.manifest.name
    return f"{name}-{task.run.rpartition('-')[2]}" if task.manifest.kind is WorkloadKind.CRONJOB else name


def _reason(ended: Ended) -> str:
    if ended.timed_out:
        return "it took too long"
    return "" if ended.code == 0 else f"exit code {ended.code}"


def _value(found: re.Match[str], environment: Mapping[str, str]) -> str:
    """Return what stands for `$(NAME)`, itself where there is no such variable, and for `$$`, as in Kubernetes."""
    name = found[1]
    if name is None:
        return "$"
    return environment.get(name, found[0])


def _at_home(word: str, folder: Path) -> str:
    """Return a path into an image's /code, which was copied from the directory's code, as it is called here."""
    own = folder / word.removeprefix("/")
    return str(own) if word.startswith(_CODE) and ".." not in word and own.exists() else word
