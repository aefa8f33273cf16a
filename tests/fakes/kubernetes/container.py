"""One container of a fake cluster: a process of this machine, with its image's folder, its volumes and its log."""

import base64
import os
import re
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.cloud import free_port
from tests.fakes.kubernetes.buildctl import image_folder
from tests.fakes.kubernetes.store import Json

_NAMED = re.compile(r"\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)")
_TERMINATION_LOG = "/dev/termination-log"


@dataclass
class ContainerLog:
    """What one start of a container has said. lines: with the instants at which they were."""

    lines: list[str] = field(default_factory=list)
    is_over: bool = False


@dataclass(frozen=True, kw_only=True)
class Home:
    """Where a pod lies. volumes: their folders. registry: built images. programs: BuildKit. mark: of its processes."""

    pod: str
    folder: Path
    volumes: Mapping[str, Path]
    registry: Path
    programs: Path
    mark: str


@dataclass(kw_only=True)
class Container:
    """A container. values: of Secrets, by their names. port: that its process has for its containerPort; 0 for none."""

    spec: Json
    home: Home
    values: Mapping[str, Mapping[str, str]]
    log: ContainerLog
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process. Faults: OSError."""
        folder = self.home.folder / self.spec["name"]
        folder.mkdir(parents=True, exist_ok=True)
        environment = self._environment()
        words = [*self.spec.get("command", ()), *self.spec.get("args", ())]
        argv = [self._placed(_NAMED.sub(lambda found: _value(found, environment), word)) for word in words]
        self.process = subprocess.Popen(
            argv, cwd=self._placed(self.spec.get("workingDir", "")) or self._image_home() or folder, env=environment,
            start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()

    def wait(self) -> int:
        """Wait for its end; return the exit code as a shell has it."""
        assert self.process is not None
        code = self.process.wait()
        # What it leaves behind in its group goes with it, as in a container.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return code if code >= 0 else 128 - code

    def kill(self, number: int) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    @property
    def message(self) -> str:
        """What it wrote into its termination log."""
        path = self.home.folder / "termination-log"
        return path.read_text() if path.exists() else ""

    def _environment(self) -> dict[str, str]:
        path = f"{self.home.programs}:{os.environ['PATH']}"
        known = {"PATH": path, "FAKE_REGISTRY": str(self.home.registry), "SLIPWAY_LEASE": self.home.mark}
        for one in self.spec.get("env", ()):
            known[one["name"]] = self._variable(one)
        ports = self.spec.get("ports") or ()
        if ports and known.get("PORT") == str(ports[0]["containerPort"]):
            # Processes of this machine share its ports.
            self.port = free_port()
            known["PORT"] = str(self.port)
        return known

    def _variable(self, one: Json) -> str:
        source = one.get("valueFrom") or {}
        if "fieldRef" in source:
            return self.home.pod
        if "secretKeyRef" in source:
            reference = source["secretKeyRef"]
            return base64.b64decode(self.values[reference["name"]][reference["key"]]).decode()
        return str(one.get("value", ""))

    def _image_home(self) -> Path | None:
        folder = image_folder(self.home.registry, self.spec["image"])
        return folder if folder.exists() else None

    def _placed(self, word: str) -> str:
        """A path of the container, as it is called on this machine."""
        mounts = {_TERMINATION_LOG: self.home.folder / "termination-log"}
        if (built := self._image_home()) is not None:
            mounts["/code"] = built
        for mount in self.spec.get("volumeMounts", ()):
            mounts[mount["mountPath"]] = self.home.volumes[mount["name"]] / mount.get("subPath", "")
        head, equals, path = word.rpartition("=") if "=" in word and not word.startswith("/") else ("", "", word)
        for inside, outside in sorted(mounts.items(), key=lambda pair: -len(pair[0])):
            if path == inside or path.startswith(f"{inside}/"):
                return f"{head}{equals}{outside}{path.removeprefix(inside)}"
        return word

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}000Z"
                self.log.lines.append(f"{at} {line.decode(errors='replace').rstrip(chr(10))}")
        self.log.is_over = True


def _value(found: re.Match[str], environment: Mapping[str, str]) -> str:
    return "$" if found[1] is None else environment.get(found[1], found[0])
