"""A real platform of the walks' own: started, killed in parts, asked over HTTP, and ended with all that it started."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.cloud import free_port
from tests.walks.api import SOON, START, Api, Ask, eventually

CHILDREN = {"infra.local.emulator.server": "stand-in", "infra.local.server": "server", "slipway.runner": "runner"}
LEASE_MARK = "SLIPWAY_LEASE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """From when to when at most a platform did nothing."""

    since: float
    until: float

    def within(self, begin: float, end: float) -> float:
        """How many of the seconds between two times."""
        return max(0.0, min(end, self.until) - max(begin, self.since))


@dataclass(kw_only=True)
class Site(Api):
    """`python -m infra.local` in a folder and on ports of its own. folder: where scripts leave their traces.

    settings: further variables.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    aws_port: int = field(default_factory=free_port)
    ready: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    supervisor: subprocess.Popen[bytes] | None = None
    runners: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def admin_token(self) -> str:
        return self.ready["admin_token"]

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def environment(self) -> dict[str, str]:
        ours = {"SLIPWAY_PORT": str(self.port), "SLIPWAY_AWS_PORT": str(self.aws_port), "SLIPWAY_HOME": str(self.home)}
        # Scripts of the walks leave marks in the folders of their tests; tests/slipway/runner has the sandbox.
        ours["SLIPWAY_SANDBOX"] = "never"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SLIPWAY_"))}
        return clean | ours | self.settings

    def up(self) -> None:
        (self.home / "ready.json").unlink(missing_ok=True)
        with (self.folder / "up.log").open("ab") as log:
            words = [sys.executable, "-m", "infra.local"]
            self.supervisor = subprocess.Popen(words, env=self.environment, stdout=log, stderr=log)
        self.ready = eventually(self._ready, START)

    def _ready(self) -> dict[str, str] | None:
        assert self.supervisor is not None
        assert self.supervisor.poll() is None, (self.folder / "up.log").read_text()
        found: dict[str, str] = json.loads((self.home / "ready.json").read_text())
        return found

    def runner(self, name: str, pool: str, api: str | None = None) -> subprocess.Popen[bytes]:
        """A runner of a pool of its own, beside the platform's."""
        told = {"SLIPWAY_API": api or self.ready["api"], "SLIPWAY_TOKEN": self.ready["admin_token"]}
        words = [sys.executable, "-m", "slipway.runner", "--name", name, "--pool", pool]
        words += ["--work", str(self.folder / f"work-{name}"), "--grace", "1"]
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(words, env=self.environment | told, stdout=log, stderr=log)
        self.runners.append(process)
        return process

    def children(self) -> dict[str, psutil.Process]:
        """The supervisor's children by what they are."""
        assert self.supervisor is not None
        found = {}
        for child in psutil.Process(self.supervisor.pid).children():
            words = " ".join(child.cmdline())
            found.update({name: child for mark, name in CHILDREN.items() if mark in words})
        return found

    def kill(self, name: str) -> Outage:
        """One child dies by kill -9, and the platform has healed: another process is in its place, and answers."""
        child: psutil.Process = eventually(lambda: self.children().get(name))
        died = time.time()
        child.kill()
        child.wait(SOON)
        eventually(lambda: self.children()[name].pid != child.pid, START)
        eventually(lambda: self.asks(Ask(method="GET", path="/health", token="")).status == 200, START)
        return Outage(since=died, until=time.time())

    def down(self) -> None:
        """The platform is told to end, and has ended."""
        assert self.supervisor is not None
        self.supervisor.terminate()
        self.supervisor.wait(SOON)

    def end(self) -> None:
        for process in (*self.runners, self.supervisor):
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in (*self.runners, self.supervisor):
            if process is not None:
                process.wait(START)

    def lines(self, name: str) -> list[str]:
        """What scripts have written into a file of the folder."""
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def processes_of(self, run_id: str) -> list[psutil.Process]:
        """What runs under a lease of the run, wherever it went."""
        return [process for process in psutil.process_iter() if _lease_of(process).startswith(run_id)]


def _lease_of(process: psutil.Process) -> str:
    try:
        return process.environ().get(LEASE_MARK, "")
    except (psutil.Error, OSError):
        return ""
