"""What the local cloud runs: the app, the function of each queue, scheduled functions, workers.

Functions are named `module:name` and imported only by the server's process, so that reading this table is cheap.
"""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFunction:
    """A function that a queue triggers. queue: its name without prefix. workers: concurrent batches.

    batch: maximum messages of a batch.
    """

    queue: str
    handler: str
    workers: int = 1
    batch: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledFunction:
    """A function that runs on a schedule. turns: how many calls make up a whole."""

    handler: str
    every: timedelta
    turns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A child process beside emulator and server. module: run with `python -m`. grace: time to stop."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    grace: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Everything that the local cloud runs.

    create(endpoint) creates missing resources. recover() is called before anything is served where an older version
    lost its last second; resume() elsewhere. admit(text) creates an admin token with this text. join(wake, live) passes
    what the process offers: wake(queue) triggers a queue's function, live is Chalice's `websocket_api` here.
    serves_services: services of workloads answer below their prefixes.
    """

    app: str
    queues: tuple[QueueFunction, ...]
    schedules: tuple[ScheduledFunction, ...]
    workers: tuple[Worker, ...]
    create: str
    recover: str | None = None
    resume: str | None = None
    admit: str | None = None
    admit_runner: str | None = None
    join: str | None = None
    largest_body: str | None = None
    serves_services: bool = False


CLOUD = Cloud(
    app="app:app",
    queues=(
        QueueFunction(queue="events.fifo", handler="chalicelib.functions.advance:handle", workers=2),
        QueueFunction(queue="timers", handler="chalicelib.functions.advance:handle"),
        # Each may wait for an external host: enough workers that all slow hosts together leave some for others.
        QueueFunction(queue="effects", handler="chalicelib.functions.effects:handle", workers=24, batch=1),
        QueueFunction(queue="checks", handler="chalicelib.functions.checks:handle", workers=2, batch=1),
        QueueFunction(queue="live.fifo", handler="chalicelib.functions.live:handle", workers=2),
    ),
    schedules=(ScheduledFunction(handler="chalicelib.functions.sweep:handle", every=timedelta(seconds=1), turns=4),),
    workers=(Worker(name="runner", module="slipway.runner"),),
    create="infra.prepare:create",
    recover="chalicelib.wiring:recover",
    resume="chalicelib.wiring:resume",
    admit="chalicelib.wiring:admin_token",
    admit_runner="chalicelib.wiring:runner_token",
    join="chalicelib.wiring:join",
    largest_body="app:largest_body",
    serves_services=True,
)
OURS = "infra.local.functions:CLOUD"


def find(name: str) -> Any:  # noqa: ANN401 - whatever the name means
    """Import what `module:name` names."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def call(name: str | None, *arguments: object) -> Any:  # noqa: ANN401 - whatever the function answers
    """Call the function with this name and return its result; None without a name."""
    if name is None:
        return None
    function: Callable[..., Any] = find(name)
    return function(*arguments)


def cloud_named(name: str) -> Cloud:
    """Return the table with this name."""
    if "" not in sys.path:
        sys.path.insert(0, "")
    found: Cloud = find(name)
    return found
