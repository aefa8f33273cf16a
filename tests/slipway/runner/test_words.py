"""The runner and the API mean the same: every body that a runner sends is one that the API takes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from chalicelib.dialects.platform.jobs import shapes
from slipway.client import Client
from slipway.runner.job_records import Append, Chunk, Ending, Job, Lease, Said, Want
from slipway.runner.jobs import JobsApi
from tests.slipway.http import say_json, web

LEASE = Lease(
    job=Job(id="r1.1.s1.1", run="r1", kind="build", project="web", environment="ci", name="app", attempt=1),
    token="t" * 64,
    number=2,
)
WANT = Want(slots=1, nonce="n" * 32)
SAID = Said(pool="default", runner="r", slots=8, version="0.1.0")
ENDING = Ending(
    outcome="failed", reason="exit code 1", outputs={"a": "b"}, release="ns/app-v1.0",
    commit={"revision": "abc", "branch": "main", "author": "Ann", "message": "first"},
)  # fmt: skip


def test_the_api_takes_what_a_runner_sends() -> None:
    with web() as place, Client(place.address) as client:
        place.say(say_json({"leases": [], "cancel": False, "head": 1, "lease_seconds": 25, "logs": []}))
        api = JobsApi(client, SAID, lambda: 1)

        api.lease(Want(slots=8, nonce="n" * 32, wait=5.0))
        api.beat(LEASE, began=True)
        api.beat_all([(LEASE, True)])
        api.append(LEASE, 0, [Chunk(stream="out", text="a\n", at="2026-05-01T12:00:00+00:00")])
        api.append_all([Append(lease=LEASE, after=1, chunks=[Chunk(stream="out", text="b\n", at="")])])
        api.finish(LEASE, ENDING, "m" * 32, WANT)
        api.finish(LEASE, Ending(outcome="succeeded"), "m" * 32, None)
        api.hand_back(LEASE)

        bodies: list[Any] = [asked.body for asked in place.asked]
    taken: tuple[type[BaseModel], ...] = (
        shapes.LeaseBody, shapes.HeartbeatBody, shapes.HeartbeatsBody, shapes.LogsBody, shapes.AppendsBody,
        shapes.FinishBody,
        shapes.FinishBody, shapes.HeldBody,
    )  # fmt: skip
    for shape, body in zip(taken, bodies, strict=True):
        shape.model_validate(body)


def test_a_runner_understands_a_lease_as_the_api_shows_it() -> None:
    job = shapes.LeasedJobShape(
        id="r1.1.s1.1", run="r1", kind="script", project="web", environment="", name="app", attempt=1,
        timeout_seconds=60.0, ask={"script": "true"}, access_token="",
    )  # fmt: skip
    lease = shapes.LeaseShape(job=job, token="t", number=1, lease_seconds=25, began=False)
    with web() as place, Client(place.address) as client:
        place.say(say_json({"leases": [lease.model_dump()]}))

        (known,) = JobsApi(client, SAID, lambda: 1).lease(WANT).leases

    assert (known.name, known.job.timeout, known.job.ask) == ("r1.1.s1.1-1", 60.0, {"script": "true"})
