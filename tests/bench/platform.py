"""A platform of the bench's own, as `make up` starts it: a folder and ports of its own, stopped with all it started."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import local
from typing import Any

import psutil

from chalicelib.aws.endpoint import Keys
from chalicelib.store.dynamo.tables import Tables
from tests.bench.door import Refusal
from tests.cloud import KEYS, free_port
from tests.conftest import aws_at

SLIPWAY = Path(sys.executable).with_name("slipway")
LONGEST_START = 30.0
LONGEST_STOP = 25.0
LONGEST_IDLE = 30.0
"""Seconds after which a connection is not used again, which the server closes soon."""

LONGEST_ANSWER = 30.0


@dataclass(kw_only=True)
class Platform:
    """`slipway up` in a folder. seconds: from its start to its first answer."""

    home: Path
    seconds: float = 0.0
    token: str = field(default="", repr=False)
    aws_endpoint: str = ""
    aws_keys: Keys = KEYS
    longest_start: float = LONGEST_START
    _process: subprocess.Popen[bytes] | None = None
    _port: int = 0
    _own: local = field(default_factory=local)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """It answers, and its ready file is written."""
        self._port, aws_port = free_port(), free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "AWS_"))}
        told = {"SLIPWAY_HOME": str(self.home), "SLIPWAY_PORT": str(self._port), "SLIPWAY_AWS_PORT": str(aws_port)}
        # What it is measured against runs its steps without one.
        told["SLIPWAY_SANDBOX"] = "never"
        begun = time.monotonic()
        with (self.home.parent / "platform.log").open("ab") as log:
            self._process = subprocess.Popen([SLIPWAY, "up"], env={**kept, **told}, stdout=log, stderr=log)
        self._await(lambda: self._answers(), "answer")
        self.seconds = time.monotonic() - begun
        ready = self.home / "ready.json"
        self._await(ready.exists, "get ready")
        said = json.loads(ready.read_text())
        self.token, self.aws_endpoint = said["admin_token"], said["aws_endpoint"]
        self.aws_keys = Keys(access=said["aws_access_key_id"], secret=said["aws_secret_access_key"])

    def stop(self) -> None:
        """Nothing of it runs."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(LONGEST_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """What the API answers, by this thread's own connection. Faults: Refusal."""
        status, content = self._asked(method, path, None if body is None else json.dumps(body).encode())
        if status >= 300:
            raise Refusal(f"{method} {path}: {status} {content.decode(errors='replace')[:500]}")
        return json.loads(content) if content.strip() else None

    def answered(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, bytes]:
        """The status and the body that the API answers, whatever they are."""
        return self._asked(method, path, None if body is None else json.dumps(body).encode())

    def text(self, path: str) -> str:
        """What the API answers in plain text. Faults: Refusal."""
        status, content = self._asked("GET", path, None)
        if status >= 300:
            raise Refusal(f"GET {path}: {status} {content.decode(errors='replace')[:500]}")
        return content.decode()

    @contextlib.contextmanager
    def tables(self) -> Iterator[Tables]:
        """The platform's own tables."""
        with contextlib.closing(aws_at(self.aws_endpoint, keys=self.aws_keys)) as aws:
            yield Tables(aws=aws, prefix="slipway-")

    def memory(self) -> Mapping[str, float]:
        """MB that each process alone answers for, shared pages parted among those who share them; by its command."""
        assert self._process is not None
        top = psutil.Process(self._process.pid)
        return {f"{one.pid} {_title(one)}": _megabytes(one) for one in (top, *top.children(recursive=True))}

    def processor_time(self) -> float:
        """Seconds that processors have worked for all its processes so far."""
        assert self._process is not None
        top = psutil.Process(self._process.pid)
        times = [one.cpu_times() for one in (top, *top.children(recursive=True))]
        return float(sum(one.user + one.system for one in times))

    def _asked(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection = self._connection()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            connection.close()
            raise

    def _connection(self) -> HTTPConnection:
        port, made, used = getattr(self._own, "made", (0, None, 0.0))
        if made is None or port != self._port or time.monotonic() - used > LONGEST_IDLE:
            made = HTTPConnection("127.0.0.1", self._port, timeout=LONGEST_ANSWER)
        self._own.made = (self._port, made, time.monotonic())
        return made

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except (OSError, HTTPException):
            return False
        else:
            return True
        finally:
            connection.close()

    def _await(self, is_so: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + self.longest_start
        while not is_so():
            if time.monotonic() > until or self._process is None or self._process.poll() is not None:
                log = (self.home.parent / "platform.log").read_text(errors="replace")
                raise Refusal(f"the platform does not {what}: {log[-1000:]}")
            time.sleep(0.01)


def _megabytes(process: psutil.Process) -> float:
    try:
        found = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
    # Only Linux parts shared pages; elsewhere what is unique to a process comes nearest.
    return float(getattr(found, "pss", None) or found.uss) / 1e6


def _title(process: psutil.Process) -> str:
    try:
        words = process.cmdline()
    except psutil.NoSuchProcess:
        return "gone"
    return " ".join(Path(word).name for word in words[:4])
