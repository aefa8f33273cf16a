"""What the token of each kind of job changes, of all rows of the table: its own work, its account's, and no more."""

import re

import pytest

from chalicelib.http.permission import Public
from tests.dialects.matrix.asks import target_of
from tests.dialects.matrix.snapshot import Snapshot, snapshot
from tests.dialects.matrix.test_matrix import LINES, Line
from tests.dialects.matrix.things import BUILDS, JOB, NONCE, WEB, fill
from tests.dialects.matrix.world import World, people

INVENTORY = "/api/v1/inventory/{namespace}"
UNIT = f"{INVENTORY}/units/{{name}}"
STATES = "/api/v1/state/{project}/environments/{environment}/deployments/"
WORK = {
    f"POST {INVENTORY}/register",
    f"POST {UNIT}/tags/",
    "POST /releases/{namespace}/{application}/{version}/tags",
    f"POST {UNIT}/versions/{{version}}/upload",
    f"POST {UNIT}/versions/{{version}}/upload/complete",
    "POST /api/v1/inventory/search",
    "POST /v2/task/get/template",
    "POST /v2/pipeline/get/template",
    "GET /api/v1/auth/logout",
    "POST /api/v1/auth/logout",
}
"""What every job may; and follow a live log, which changes nothing but who is told of it."""

OWN_STATES = {f"{method} {STATES}" for method in ("POST", "PUT", "DELETE")}
"""In the world the states are of another deployment than the one that the deployment job works on."""

ACCOUNTS = {
    "POST /api/v1/state/{project}/environments/",
    f"POST {UNIT}/versions/{{version}}/yank",
    f"DELETE {UNIT}/versions/{{version}}/yank",
}
STARTS = re.compile(r"/trigger(-build|/\w+)?$")
KINDS = {"build": WORK | OWN_STATES, "deployment": WORK, "account": WORK | OWN_STATES | ACCOUNTS}


@pytest.fixture(scope="module")
def full() -> tuple[World, Snapshot]:
    world = World()
    people(world)
    fill(world)
    world.done("POST", f"{WEB}/service-accounts/boss/", {"role": "owner"})
    acting = {"name": "acts", "repo": "code", "steps": [{}], "service_account_name": "boss"}
    world.done("POST", f"{BUILDS}/", acting)
    runs = {
        "build": world.done("POST", f"{BUILDS}/by-name/app/trigger-build")["id"],
        "deployment": world.done("POST", f"{JOB}/trigger", {"version": "1.0"})["id"],
        "account": world.done("POST", f"{BUILDS}/by-name/acts/trigger-build")["id"],
    }
    world.house.work_off()
    body = {"pool": "default", "runner": "r1", "slots": 32, "nonce": f"more-{NONCE}"}
    leases = world.done("POST", "/api/v1/jobs/lease", body)["leases"]
    tokens = {one["job"]["run"]: one["job"]["access_token"] for one in leases}
    world.tokens |= {kind: tokens[run] for kind, run in runs.items()}
    return world, snapshot(world.house)


CHANGING = [line for line in LINES if line.row.changes(line.method)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("line", CHANGING, ids=lambda line: line.name)
def test_a_job_changes_what_is_its_work_and_nothing_else(full: tuple[World, Snapshot], line: Line, kind: str) -> None:
    world, before = full
    if isinstance(line.row.permission, Public):
        return  # open to everybody, whatever they show
    world.house = before.house()

    ask = line.ask
    answered = world.ask(line.method, target_of(line.row, ask), ask.body, by=kind, **ask.headers)

    is_told_live = line.row.path.endswith("/logs_ws")
    may_start = kind == "account" and STARTS.search(line.row.path) is not None
    is_open = line.name in KINDS[kind] or is_told_live or may_start
    assert (answered.status < 400) == is_open, f"{answered.status} {answered.text}"
