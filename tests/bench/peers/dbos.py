"""DBOS: a library that keeps the state of workflows in SQLite, here in a process that is asked by HTTP."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.peers.peer import ENVIRONMENT, Http, Peer, Processes, Seen
from tests.cloud import free_port

SERVICE = "tests.bench.peers.dbos_service"


@dataclass(frozen=True, slots=True)
class Dbos(Peer):
    """The process."""

    http: Http
    pause: float = 0.1

    def start(self, workload: str) -> str:
        """Begin a run."""
        return str(self.http.ask("POST", f"/{workload}", {})["id"])

    def seen(self, run: str) -> Seen:
        """Return how a run is."""
        told = self.http.ask("GET", f"/{run}")
        return Seen(ended=told["ended"], steps=told["steps"], began=told["began"])


@contextlib.contextmanager
def running_dbos(folder: Path) -> Iterator[Dbos]:
    """Run it for a while. folder: for its database."""
    folder.mkdir()
    port, processes = free_port(), Processes(folder)
    http = Http(port)
    try:
        processes.start(ENVIRONMENT / "python", "-m", SERVICE, str(port), folder / "dbos.db")
        processes.wait_until(http.is_up, "DBOS does not start")
        yield Dbos(http)
    finally:
        processes.stop()
