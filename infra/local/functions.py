"""The table of the local cloud: which app, which queue wakes which function, what runs on a clock.

Functions are named `module:name` and looked up by the server's process alone, so that reading this table is cheap.
"""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFunction:
    """A function that a queue wakes. queue: its name without prefix. workers: how many batches at once.

    batch: most messages at once.
    """

    queue: str
    handler: str
    workers: int = 1
    batch: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledFunction:
    """A function that time wakes."""

    handler: str
    every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A child beside stand-in and server. module: what `python -m` runs. grace: how long it may take to stop."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    grace: timedelta = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Everything that the local cloud runs.

    create(endpoint) makes the resources that are not there yet. recover() is called after an unclean stop, before
    anything is served; resume() after any other. admit(text) makes a token of this text, one that may do everything.
    admit_runner(text) answers the text of a token for the runner: this one, while it holds.
    join(wake, live) hands over what the process has to offer: wake(queue) wakes a queue's function, live is Chalice's
    `websocket_api` here. largest_body(method, path, headers) says how many bytes of a long body are wanted.
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


CLOUD = Cloud(
    app="app:app",
    queues=(
        QueueFunction(queue="events.fifo", handler="chalicelib.functions.advance:handle", workers=2),
        QueueFunction(queue="timers", handler="chalicelib.functions.advance:handle"),
        # Each may wait for a stranger: so many that the share of one project, or of one host, leaves others some.
        QueueFunction(queue="effects", handler="chalicelib.functions.effects:handle", workers=24, batch=1),
        QueueFunction(queue="live.fifo", handler="chalicelib.functions.live:handle", workers=2),
    ),
    schedules=(ScheduledFunction(handler="chalicelib.functions.sweep:handle", every=timedelta(seconds=1)),),
    workers=(Worker(name="runner", module="slipway.runner"),),
    create="infra.prepare:create",
    recover="chalicelib.wiring:recover",
    resume="chalicelib.wiring:resume",
    admit="chalicelib.wiring:admin_token",
    admit_runner="chalicelib.wiring:runner_token",
    join="chalicelib.wiring:join",
    largest_body="app:largest_body",
)
OURS = "infra.local.functions:CLOUD"


def find(name: str) -> Any:  # noqa: ANN401 - whatever the name means
    """What `module:name` means."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def call(name: str | None, *arguments: object) -> Any:  # noqa: ANN401 - whatever the function answers
    """What the function of this name answers; nothing if there is none."""
    if name is None:
        return None
    function: Callable[..., Any] = find(name)
    return function(*arguments)


def cloud_named(name: str) -> Cloud:
    """The table of this name."""
    if "" not in sys.path:
        sys.path.insert(0, "")
    found: Cloud = find(name)
    return found
