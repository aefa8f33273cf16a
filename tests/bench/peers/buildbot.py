"""Buildbot: a master with SQLite and a worker, each a process, asked by the master's REST API."""

import contextlib
import itertools
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.peers.peer import ENVIRONMENT, LONGEST_LOOK, Http, Peer, Processes, Seen
from tests.cloud import free_port

MASTER = Path(__file__).parent / "buildbot_master.py"
CROWD = 8
"""Builders over which the runs of a crowd are spread."""


@dataclass(frozen=True, slots=True)
class Buildbot(Peer):
    """Its REST API. said: where the first step of a build writes when it began, in nanoseconds."""

    http: Http
    said: Path
    pause: float = 0.5
    turns: Iterator[int] = field(default_factory=lambda: itertools.cycle(range(CROWD)))

    def start(self, workload: str) -> str:
        """Begin a build."""
        self.said.unlink(missing_ok=True)
        builder = f"{workload}-{next(self.turns)}" if workload.endswith("crowd") else workload
        call = {"id": 1, "jsonrpc": "2.0", "method": "force", "params": {}}
        _, requests = self.http.ask("POST", f"/api/v2/forceschedulers/force-{builder}", call)["result"]
        return str(next(iter(requests.values())))

    def seen(self, run: str) -> Seen:
        """Return how a build is. Its times are whole seconds: it ended when it was seen to have."""
        request = self._one(f"/api/v2/buildrequests/{run}", "buildrequests")
        began = int(self.said.read_text()) / 1e9 if self.said.exists() else None
        if not request["complete"] or request["results"] != 0:
            return Seen(ended=None, steps=0, began=began)
        ended = time.time()
        return Seen(ended=ended, steps=sum(self._steps(build) for build in self._builds(run)), began=began)

    def is_connected(self) -> bool:
        """Whether the worker has come."""
        try:
            workers = Http(self.http.port, LONGEST_LOOK).ask("GET", "/api/v2/workers")["workers"]
        except OSError:
            # While a worker attaches, an answer may hang for good.
            return False
        return any(one["connected_to"] for one in workers)

    def _builds(self, request: str) -> list[dict[str, Any]]:
        found = self.http.ask("GET", f"/api/v2/builds?buildrequestid={request}")["builds"]
        return [build for build in found if build["results"] == 0]

    def _steps(self, build: dict[str, Any]) -> int:
        """Return how many commands of a build, and of those that it triggered, went well."""
        found = self.http.ask("GET", f"/api/v2/builds/{build['buildid']}/steps")["steps"]
        own = [step for step in found if step["results"] == 0 and step["name"].startswith(("s", "p"))]
        triggered = self.http.ask("GET", f"/api/v2/builds/{build['buildid']}/triggered_builds")["builds"]
        return sum(self._steps(one) for one in triggered) if triggered else len(own)

    def _one(self, path: str, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = self.http.ask("GET", path)[kind][0]
        return found


@contextlib.contextmanager
def running_buildbot(folder: Path) -> Iterator[Buildbot]:
    """Run it for a while. folder: for its database and its worker."""
    folder.mkdir()
    master, work, said = folder / "master", folder / "worker", folder / "said"
    processes, http, worker_port = Processes(folder), Http(free_port()), free_port()
    told = {"PEER_PORT": str(http.port), "PEER_WORKER_PORT": str(worker_port), "PEER_SAID": str(said)}
    os.environ.update(told)
    _run("buildbot", "create-master", "--quiet", master)
    (master / "master.cfg").write_text(MASTER.read_text())
    _run("buildbot-worker", "create-worker", "--quiet", work, f"127.0.0.1:{worker_port}", "one", "bench")
    found = Buildbot(http, said)
    try:
        for place in (master, work):
            processes.start(ENVIRONMENT / "twistd", "--nodaemon", "--no_save", "-y", "buildbot.tac", folder=place)
            processes.wait_until(http.is_up, "Buildbot's master does not start")
        processes.wait_until(found.is_connected, "Buildbot's worker does not connect")
        yield found
    finally:
        processes.stop()


def _run(program: str, *arguments: str | Path) -> None:
    subprocess.run([ENVIRONMENT / program, *arguments], check=True, capture_output=True)
