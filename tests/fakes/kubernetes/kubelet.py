"""The nodes of a fake cluster: pods run as processes of this machine, so that logs, ports and exit codes are real."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from slipway.runner.executors.listening import answers
from tests.fakes.kubernetes.buildctl import install
from tests.fakes.kubernetes.container import Container, ContainerLog, Home
from tests.fakes.kubernetes.network import Forwarder, new_address
from tests.fakes.kubernetes.store import Json, Place, Refused, Store, place_of
from tests.fakes.kubernetes.volumes import MissingVolume, filled

_TICK = 0.05
_GRACE = 0.5
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 0.8


@dataclass
class Pod:
    """A pod on this node. image_faults: reasons for which images cannot be pulled, by image."""

    store: Store
    place: Place
    uid: str
    folder: Path
    registry: Path
    image_faults: dict[str, str]
    restarts: int = 0
    logs: list[ContainerLog] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    evicted: str = ""
    container: Container | None = None
    address: str = field(default_factory=new_address)
    last: Json = field(default_factory=dict)

    def run(self) -> None:
        """Live to the end."""
        try:
            self._live()
        except Refused:
            # It is gone from the server.
            return
        finally:
            self.stop.set()

    def end(self) -> None:
        """End what runs: politely first."""
        self.stop.set()
        if self.container is not None:
            hook = (self.container.spec.get("lifecycle") or {}).get("preStop") or {}
            self._wait(hook.get("sleep", {}).get("seconds", 0))
            self.container.kill(signal.SIGTERM)
            deadline = time.monotonic() + _GRACE
            while self.container.process and self.container.process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            self.container.kill(signal.SIGKILL)

    def _wait(self, seconds: float) -> None:
        """Let it serve on for a while; what ends meanwhile has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.container is not None and self.container.process is not None:
            if self.container.process.poll() is not None:
                return
            time.sleep(_TICK)

    def evict(self, message: str) -> None:
        """Its node gives it up."""
        self.evicted = message
        self.end()

    def _live(self) -> None:
        pod = self.store.get(self.place)
        spec = pod["spec"]
        found = self._prepared(spec)
        if found is None:
            self._gone()
            return
        volumes, values = found
        home = Home(
            pod=self.place.name,
            folder=self.folder,
            volumes=volumes,
            registry=self.registry,
            programs=self.registry.with_name("programs"),
            mark=self._mark(pod),
        )
        for init in spec.get("initContainers", ()):
            container = Container(spec=init, home=home, values=values, log=ContainerLog())
            container.start()
            assert container.wait() == 0, container.log.lines
        self._work(spec, home, values)

    def _prepared(self, spec: Json) -> tuple[dict[str, Path], dict[str, dict[str, str]]] | None:
        """The pod's volumes and values, once its image and they are there; None if it is stopped before."""
        while not self.stop.is_set():
            fault = self.image_faults.get(spec["containers"][0]["image"], "")
            try:
                if not fault:
                    return filled(self.store, self.place.namespace, spec, self.folder / "volumes")
            except MissingVolume as missing:
                fault = f"CreateContainerConfigError: {missing}"
            reason, _, message = fault.partition(": ")
            self._say(phase="Pending", state={"waiting": {"reason": reason, "message": message}})
            self.stop.wait(_TICK)
        return None

    def _work(self, spec: Json, home: Home, values: dict[str, dict[str, str]]) -> None:
        while not self.stop.is_set():
            code, said = self._start(spec["containers"][0], home, values)
            if self.stop.is_set():
                break
            ended = {"terminated": {"exitCode": code, **said}}
            if spec["restartPolicy"] == "Never":
                phase = "Succeeded" if code == 0 else "Failed"
                self._say(phase=phase, state=ended)
                self.stop.set()
                return
            pause = min(FIRST_PAUSE * 2**self.restarts, LONGEST_PAUSE)
            waiting = {"reason": "CrashLoopBackOff", "message": f"back-off {pause:g}s restarting failed container"}
            self.last = ended
            self._say(phase="Running", state={"waiting": waiting})
            self.stop.wait(pause)
            self.restarts += 1
        self._gone()

    def _start(self, spec: Json, home: Home, values: dict[str, dict[str, str]]) -> tuple[int, Json]:
        """Run the container once; return its exit code, and what else is said of its end."""
        log = ContainerLog()
        self.logs.append(log)
        self.container = Container(spec=spec, home=home, values=values, log=log)
        try:
            self.container.start()
        except OSError as error:
            log.is_over = True
            return 128, {"reason": "StartError", "message": f"exec: {error}"}
        forwarder = self._forwarder(spec)
        watching = threading.Thread(target=self._probe, args=(spec, self.container), daemon=True)
        watching.start()
        code = self.container.wait()
        watching.join()
        if forwarder is not None:
            forwarder.close()
        reason = "Completed" if code == 0 else "Error"
        return code, {"reason": reason, **({"message": said} if (said := self.container.message) else {})}

    def _forwarder(self, spec: Json) -> Forwarder | None:
        assert self.container is not None
        ports = spec.get("ports") or ()
        return Forwarder(self.address, ports[0]["containerPort"], self.container.port) if ports else None

    def _probe(self, spec: Json, container: Container) -> None:
        """Say that it runs, and whether it is ready, until it has ended."""
        was_ready: bool | None = None
        while container.process is not None and container.process.poll() is None and not self.stop.is_set():
            is_ready = not spec.get("readinessProbe") or answers(container.port)
            if is_ready != was_ready:
                with suppress(Refused):
                    self._say(phase="Running", state={"running": {"startedAt": _now()}}, ready=is_ready)
                was_ready = is_ready
            time.sleep(_TICK)

    def _gone(self) -> None:
        """Say what became of a pod that ends not by itself: evicted it stays, deleted it goes."""
        if self.evicted:
            condition = {"type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet"}
            ended = {"terminated": {"exitCode": 137, "reason": "Error"}}
            self._say(
                phase="Failed", state=ended, said={"reason": "Evicted", "message": self.evicted}, more=[condition]
            )

    def _say(
        self, *, phase: str, state: Json, ready: bool = False, said: Json | None = None, more: list[Json] | None = None
    ) -> None:  # fmt: skip
        def change(one: Json) -> None:
            container = one["spec"]["containers"][0]
            status = {
                "name": container["name"], "image": container["image"], "ready": ready, "restartCount": self.restarts,
                "state": state, "lastState": self.last,
            }  # fmt: skip
            conditions = [{"type": "Ready", "status": str(ready)}, *(more or ())]
            one["spec"]["nodeName"] = "node-1"
            one["status"] = {
                "phase": phase, "podIP": self.address, "startTime": one["metadata"]["creationTimestamp"],
                "conditions": conditions, "containerStatuses": [status], **(said or {}),
                **({"ended": time.monotonic()} if phase in {"Failed", "Succeeded"} else {}),
            }  # fmt: skip

        self.store.update(self.place, change)

    def _mark(self, pod: Json) -> str:
        """The run that a pod belongs to: its own, or that of the Deployment that owns it."""
        labels = pod["metadata"]["labels"]
        if (run := labels.get("slipway.dev/run")) is not None:
            return str(run)
        found = self.store.of("deployments", self.place.namespace)
        by_uid = {one["metadata"]["uid"]: one for one in found}
        owner = by_uid.get(pod["metadata"]["ownerReferences"][0]["uid"])
        return "" if owner is None else str(owner["metadata"]["labels"].get("slipway.dev/run", ""))


class Kubelet:
    """Runs all pods of a store."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        self.registry = folder / "registry"
        self.registry.mkdir(parents=True)
        install(self.registry.with_name("programs"))
        self.image_faults: dict[str, str] = {}
        self._pods: dict[str, Pod] = {}
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kubelet", daemon=True)
        self._thread.start()

    def pod(self, name: str) -> Pod:
        return next(pod for pod in self._pods.values() if pod.place.name == name)

    def log_lines(self, namespace: str, name: str, previous: bool, followed: bool) -> Iterator[str]:
        """A pod's log; blank lines while there is nothing. Faults: Refused before the container was there."""
        pod = next(
            (one for one in [*self._pods.values()] if (one.place.namespace, one.place.name) == (namespace, name)), None
        )
        if pod is None:
            raise Refused(404, "NotFound", f'pods "{name}" not found')
        place = len(pod.logs) - (2 if previous else 1)
        if place < 0:
            raise Refused(400, "BadRequest", f'container in pod "{name}" is waiting to start')
        return _lines(pod.logs[place], followed)

    def close(self) -> None:
        self._closed.set()
        self._thread.join(10)
        for pod in self._pods.values():
            pod.end()

    def _run(self) -> None:
        while not self._closed.is_set():
            for found in self._store.of("pods"):
                self._look(found)
            with self._store.lock:
                self._store.lock.wait(_TICK)

    def _look(self, found: Json) -> None:
        uid = found["metadata"]["uid"]
        pod = self._pods.get(uid)
        if pod is None and not found["metadata"].get("deletionTimestamp"):
            place = place_of("pods", found)
            pod = Pod(self._store, place, uid, self._folder / uid, self.registry, self.image_faults)
            self._pods[uid] = pod
            threading.Thread(target=pod.run, name=f"pod-{place.name}", daemon=True).start()
        elif found["metadata"].get("deletionTimestamp"):
            threading.Thread(target=self._end, args=(pod, place_of("pods", found)), daemon=True).start()

    def _end(self, pod: Pod | None, place: Place) -> None:
        if pod is not None:
            pod.end()
        with suppress(Refused):
            if not self._store.get(place)["metadata"].get("finalizers"):
                self._store.drop(place)


def _lines(log: ContainerLog, followed: bool) -> Iterator[str]:
    at = 0
    while True:
        is_over = log.is_over
        while at < len(log.lines):
            yield log.lines[at]
            at += 1
        if is_over or not followed:
            return
        yield ""
        time.sleep(_TICK)


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
