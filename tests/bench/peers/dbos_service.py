"""The workloads on DBOS with SQLite, behind HTTP: `python -m tests.bench.peers.dbos_service PORT DATABASE`.

A step in parallel is a child workflow, which is how DBOS runs several at once in threads. `gather` has the same steps
as coroutines of one event loop instead, none of which can wait for a program without keeping the others.
"""

import asyncio
import json
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler
from threading import Thread
from typing import Any

from dbos import DBOS

from tests.http_server import HttpServer

STEPS_OF_CROWD, STAGES, STEPS_OF_STAGE, STEPS_OF_CHAIN = 5, 10, 10, 50
BEGAN: dict[str, float] = {}
ENDED: dict[str, float] = {}
"""Seconds since 1970, by workflow; the database has whole ones."""


@DBOS.step()
def noop() -> None:
    """Nothing is done."""


@DBOS.step()
def shell() -> None:
    """A command is run."""
    subprocess.run(["/bin/sh", "-c", "true"], check=True)


@DBOS.step()
def first(name: str) -> None:
    """Note when a workflow's first step begins."""
    BEGAN[name] = time.time()


KINDS = {"noop": noop, "shell": shell}


@DBOS.workflow()
def chain(kind: str, steps: int) -> None:
    """Steps in sequence."""
    for _ in range(steps):
        KINDS[kind]()


@DBOS.workflow()
def blocks(kind: str) -> None:
    """Stages one after the other, each of steps in parallel."""
    for _ in range(STAGES):
        started = [DBOS.start_workflow(chain, kind, 1) for _ in range(STEPS_OF_STAGE)]
        for one in started:
            one.get_result(polling_interval_sec=0.01)


@DBOS.step()
async def noop_in_turn() -> None:
    """Nothing is done."""


@DBOS.workflow()
async def gather() -> None:
    """Stages one after the other, each of coroutines in parallel."""
    for _ in range(STAGES):
        await asyncio.gather(*[noop_in_turn() for _ in range(STEPS_OF_STAGE)])


@DBOS.workflow()
def first_step() -> None:
    """One step."""
    first(str(DBOS.workflow_id))


def start(workload: str) -> str:
    """Begin a workload's run and return its id."""
    handle = _handle(workload)
    Thread(target=_note_end, args=(handle,), daemon=True).start()
    return str(handle.workflow_id)


def _handle(workload: str) -> Any:  # noqa: ANN401 - DBOS has no types here
    kind, _, shape = workload.partition("-")
    match shape:
        case "chain":
            return DBOS.start_workflow(chain, kind, STEPS_OF_CHAIN)
        case "crowd":
            return DBOS.start_workflow(chain, kind, STEPS_OF_CROWD)
        case "blocks":
            return DBOS.start_workflow(blocks, kind)
        case "gather":
            return DBOS.start_workflow(gather)
        case "step":
            return DBOS.start_workflow(first_step)
    raise LookupError(workload)


def _note_end(handle: Any) -> None:  # noqa: ANN401 - likewise
    handle.get_result()
    ENDED[handle.workflow_id] = time.time()


def seen(run: str) -> dict[str, object]:
    """Return what the database says of a run and how many of its steps ended well, with its first begin and its end."""
    status = DBOS.get_workflow_status(run)
    if status is None:
        raise LookupError(run)
    own = [step for step in DBOS.list_workflow_steps(run) if step["error"] is None]
    children = {step["child_workflow_id"] for step in own if step["child_workflow_id"]}
    inner = [step for child in children for step in DBOS.list_workflow_steps(child) if step["error"] is None]
    steps = len(inner) if children else len(own)
    ended = ENDED.get(run) if status.status == "SUCCESS" else None
    return {"status": status.status, "ended": ended, "steps": steps, "began": BEGAN.get(run)}


class Requests(BaseHTTPRequestHandler):
    """POST /WORKLOAD begins a run, GET /RUN says how it is."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Begin a run."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self._answer({"id": start(self.path[1:])})

    def do_GET(self) -> None:
        """Say how a run is, or that the service is up."""
        self._answer(seen(self.path[1:]) if self.path != "/" else {})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, told: dict[str, object]) -> None:
        body = json.dumps(told).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)


def main(port: int, database: str) -> None:
    """Serve until killed."""
    DBOS(config={"name": "bench", "system_database_url": f"sqlite:///{database}", "log_level": "ERROR"})
    DBOS.launch()
    HttpServer(("127.0.0.1", port), Requests).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
