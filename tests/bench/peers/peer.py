"""What a peer is asked: to begin a workload's run, and how it is by its own durable state."""

import http.client
import json
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).parents[3]
ENVIRONMENT = ROOT / ".venv" / "peers" / "bin"
LONGEST_START = 60.0
LONGEST_STOP = 10.0
LONGEST_ANSWER, LONGEST_LOOK = 60.0, 5.0


class Unready(Exception):  # noqa: N818 - says what the peer is
    """It does not start, or does not answer as it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A run: seconds since 1970 at which it ended, None if it has not; steps that ended well; when its first began."""

    ended: float | None
    steps: int
    began: float | None = None


class Peer(Protocol):
    """Another system, running. pause: seconds between two questions how a run is, which cost it time too."""

    pause: float

    def start(self, workload: str) -> str:
        """Begin a run of a workload and return its id."""

    def seen(self, run: str) -> Seen:
        """Return how a run is, by what is stored of it."""


@dataclass(frozen=True, slots=True)
class Http:
    """JSON over HTTP at a port of this machine, by a connection each, as triggers of a system come."""

    port: int
    longest: float = LONGEST_ANSWER

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Return the JSON that is answered. Faults: Unready, OSError."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.longest)
        content = None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, content, {"content-type": "application/json"})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status >= 300:
            raise Unready(f"{method} {path}: {answer.status} {text[:500]}")
        return json.loads(text)

    def is_up(self) -> bool:
        """Whether anybody answers."""
        try:
            self.ask("GET", "/")
        except OSError:
            return False
        except (Unready, ValueError):
            return True
        return True


@dataclass(slots=True)
class Processes:
    """The processes of a peer, and what they say."""

    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *command: str | Path, folder: Path = ROOT) -> None:
        """Start one."""
        with (self.folder / "log").open("ab") as log:
            self.running.append(subprocess.Popen([*command], cwd=folder, stdout=log, stderr=log))

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for a limited time. Faults: Unready."""
        until = time.monotonic() + LONGEST_START
        while not is_so():
            if time.monotonic() > until or any(one.poll() is not None for one in self.running):
                raise Unready(f"{what}: {(self.folder / 'log').read_text(errors='replace')[-1000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop them all, the last one first."""
        for one in reversed(self.running):
            one.send_signal(signal.SIGTERM)
            try:
                one.wait(LONGEST_STOP)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
