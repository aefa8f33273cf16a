"""Child processes of the supervisor: start, stop and kill them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.local import die_with_parent, home
from infra.local.emulator import process as stand_in
from infra.local.functions import Worker
from infra.local.settings import Settings

QUICK_DEATH = 10.0
LONGEST_PAUSE = 5.0
LONGEST_LOG = 10_000_000

SECRETS = frozenset({"SLIPWAY_TOKEN", "SLIPWAY_JWT_SECRET", "SLIPWAY_IDENTITY_SECRET", "SLIPWAY_MAIL"})
"""Variables that no worker has: whoever knows one can come as anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """The definition of a child process. needs_token: start it only once there is a runner's token. grace: seconds."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    grace: float
    needs_token: bool = False


@dataclass(slots=True, kw_only=True)
class ChildProcess:
    """A child process. deaths: quick ones in a row. due: when to restart it."""

    spec: ChildSpec
    log: Path
    lock: int
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    deaths: int = 0
    due: float = 0.0
    pipe: tuple[int, int] = field(default_factory=os.pipe)

    def start(self) -> None:
        """Start the process."""
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        words = (
            self.spec.command if die_with_parent.IS_LINUX else die_with_parent.command(self.pipe[0], self.spec.command)
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                words,
                env=self.spec.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C goes to us alone: children are stopped in order.
                start_new_session=True,
                pass_fds=(self.lock,) if die_with_parent.IS_LINUX else (self.lock, self.pipe[0]),
                preexec_fn=die_with_parent.before_exec() if die_with_parent.IS_LINUX else None,
            )
        self.begun = time.monotonic()

    def has_died(self) -> bool:
        """True when the process has died since it was started; then schedules a restart with exponential back-off."""
        if self.process is None or self.process.poll() is None:
            return False
        now = time.monotonic()
        self.deaths = self.deaths + 1 if now - self.begun < QUICK_DEATH else 1
        self.due = now + min(0.05 * 4 ** (self.deaths - 1), LONGEST_PAUSE)
        self.process = None
        return True

    def end(self, has_time: Callable[[], bool]) -> None:
        """Stop the process: SIGTERM, then SIGKILL after its grace period or when has_time() turns false."""
        process, self.process = self.process, None
        if process is None:
            return
        deadline = time.monotonic() + self.spec.grace
        if has_time():
            process.terminate()
        while process.poll() is None and has_time() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        process.wait()

    def last_words(self) -> str:
        """Return the last lines of its log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(f"    {line}" for line in lines[-12:])


def stand_in_of(settings: Settings, environment: Mapping[str, str]) -> ChildSpec:
    """Return the spec of the AWS emulator."""
    return ChildSpec(
        name="stand-in",
        command=tuple(stand_in.command(settings.aws_port, settings.aws_keys, settings.aws_folder)),
        environment={**environment, **stand_in.environment(settings.aws_port, settings.aws_folder)},
        grace=stand_in.LONGEST_START,
    )


def server_of(name: str, settings: Settings, environment: Mapping[str, str]) -> ChildSpec:
    """Return the spec of the server. name: of the table of what it serves."""
    folder = (str(settings.aws_folder),) if settings.aws_folder else ()
    return ChildSpec(
        name="server",
        command=(sys.executable, "-m", "infra.local.server", name, *folder),
        environment=environment,
        grace=12.0,
    )


def worker_of(worker: Worker, settings: Settings, environment: Mapping[str, str]) -> ChildSpec:
    """Return the spec of a worker, which finds the platform by SLIPWAY_API and SLIPWAY_TOKEN."""
    known = {name: value for name, value in environment.items() if not name.startswith("AWS_") and name not in SECRETS}
    token = settings.home / home.RUNNER_TOKEN
    return ChildSpec(
        name=worker.name,
        command=(sys.executable, "-m", worker.module, *worker.arguments),
        environment={**known, "SLIPWAY_API": settings.api, "SLIPWAY_TOKEN_FILE": str(token)},
        grace=worker.grace.total_seconds(),
        needs_token=True,
    )
