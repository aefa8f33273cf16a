"""How much each function works for its first request from a cold process, on a platform's own stand-in of AWS."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from chalicelib.gateways.queues import written
from chalicelib.kernel.engine.message import AttemptDelivery, LookAtRun, Message, PushLog
from infra.local.api.gateway import Call, event_of
from infra.local.api.matcher import Match
from tests.bench import pipelines
from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.bench.pipelines import PROJECT
from tests.bench.platform import Platform

ROOT = Path(__file__).parents[2]
TURNS = 5
HEAD = ("function", "its first request", "import, ms", "first request, ms", "second, ms")
LONG_WAIT = {"type": "wait", "seconds": 3600}
PROGRAM = """
import json, sys, time
event = json.load(sys.stdin)
begun = time.process_time()
import {module}
imported = time.process_time()
answer = {module}.{handler}(event, {context})
first = time.process_time()
assert answer.get("statusCode", 200) == 200 and not answer.get("batchItemFailures"), answer
again = time.process_time()
{module}.{handler}(event, {context})
second = time.process_time()
print(json.dumps([1000 * (imported - begun), 1000 * (first - imported), 1000 * (second - again)]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """A function, and what it is asked first."""

    module: str
    what: str
    event: Mapping[str, Any]
    handler: str = "handle"
    context: str = "None"

    def taken(self, environment: Mapping[str, str]) -> tuple[float, float, float]:
        """Return processor time of its import, its first request, and the same request again, in milliseconds."""
        program = PROGRAM.format(module=self.module, handler=self.handler, context=self.context)
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT, env=environment, input=json.dumps(self.event), capture_output=True, text=True, check=True,
        )  # fmt: skip
        imported, first, second = json.loads(done.stdout.splitlines()[-1])
        return imported, first, second


def first_requests(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """Import and first request together, of the slowest function; of each in a table. They take turns."""
    functions, environment = _functions(platform), _environment(platform)
    taken: dict[str, list[tuple[float, float, float]]] = {one.module: [] for one in functions}
    for turn in range(TURNS + 1):
        for one in functions:
            times = one.taken(environment)
            # The first turn compiles what has changed.
            if turn:
                taken[one.module].append(times)
    usual = {module: [median(column) for column in zip(*rows, strict=True)] for module, rows in taken.items()}
    table = tuple((one.module, one.what, *(f"{each:.0f}" for each in usual[one.module])) for one in functions)
    worst = max(usual, key=lambda module: sum(usual[module][:2]))
    yield Key.FIRST_REQUEST, Measured(value=sum(usual[worst][:2]), note=worst, table=(HEAD, *table))


def _functions(platform: Platform) -> tuple[First, ...]:
    platform.ask("POST", f"/api/v1/state/{PROJECT}/add-project", {"name": PROJECT})
    platform.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", pipelines.chain("wait", LONG_WAIT, 1))
    run = platform.ask("POST", f"{pipelines.path_of('wait')}/trigger", {})["id"]
    folder, gone = "chalicelib.functions", AttemptDelivery(delivery="none")
    return (
        First(
            module="app", handler="app", context="type('Context', (), {'aws_request_id': 'bench'})()",
            what="the list of runs", event=_rest("/api/v1/runs", platform.token),
        ),
        First(module=f"{folder}.pages", what="the form to log in", event=_rest("/login", "")),
        First(module=f"{folder}.advance", what="a run of which a time has come", event=_batch(LookAtRun(run=run))),
        First(module=f"{folder}.effects", what="a call that is owed no more", event=_batch(gone)),
        First(module=f"{folder}.checks", what="a package that is gone", event=_batch(gone)),
        First(module=f"{folder}.live", what="a viewer that has left", event=_batch(PushLog(connection="none"))),
        First(module=f"{folder}.sweep", what="its minute", event={}),
    )  # fmt: skip


def _rest(path: str, token: str) -> dict[str, Any]:
    headers = (("authorization", f"Bearer {token}"),) if token else ()
    call = Call(method="GET", path=path, query="", headers=headers, body=b"", caller="127.0.0.1")
    return event_of(call, Match(resource=path, parameters={}), is_binary=False)


def _batch(message: Message) -> dict[str, Any]:
    record = {"messageId": "1", "receiptHandle": "1", "body": written(message), "attributes": {}}
    return {"Records": [record]}


def _environment(platform: Platform) -> dict[str, str]:
    keys = platform.aws_keys
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "AWS_"))}
    aws = {"AWS_ENDPOINT_URL": platform.aws_endpoint, "AWS_REGION": "us-east-1"}
    return {**kept, **aws, "AWS_ACCESS_KEY_ID": keys.access, "AWS_SECRET_ACCESS_KEY": keys.secret}
