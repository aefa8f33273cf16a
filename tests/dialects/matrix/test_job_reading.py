"""A job reads the private namespace of the release that its definition may deploy, and no other of another project."""

import pytest

from chalicelib.kernel.access.role import Level, role_in
from tests.dialects.matrix.callers import ANONYMOUS, STRANGER, WRITER
from tests.dialects.matrix.test_foreign_names import FOREIGN, strangers_project
from tests.dialects.matrix.things import JOBS, NONCE, fill
from tests.dialects.matrix.world import PASSWORD, World, people

DEPLOYER = "deployer"
ROLES = [role_in("web", Level.WRITE), role_in(FOREIGN, Level.READ)]
VERSION = f"/api/v1/inventory/{FOREIGN}/units/app/versions/v1.0"


@pytest.fixture
def world() -> World:
    """A deployment of a stranger's release is under way, by a definition of somebody who may read it."""
    made = World()
    people(made)
    fill(made)
    strangers_project(made)
    made.done("POST", f"/api/v1/state/{FOREIGN}/add-namespace", {"name": "hidden"}, by=STRANGER)
    made.done("POST", "/api/v1/users", {"name": DEPLOYER, "password": PASSWORD, "roles": ROLES})
    login = {"username": DEPLOYER, "secret_token": PASSWORD}
    answered = made.ask("POST", "/api/v1/auth/service-account/login", login, by=ANONYMOUS)
    made.tokens[DEPLOYER] = answered.headers["X-Escape-Token"]
    job = {"environment": "staging", "deployment": "theirs", "release": f"{FOREIGN}/app"}
    made.done("POST", f"{JOBS}/add", job, by=DEPLOYER)
    run = made.done("POST", f"{JOBS}/by-environment/staging/by-name/theirs/trigger", by=WRITER)["id"]
    made.house.work_off()
    body = {"pool": "default", "runner": "r1", "slots": 32, "nonce": f"more-{NONCE}"}
    leases = made.done("POST", "/api/v1/jobs/lease", body)["leases"]
    (made.tokens["own job"],) = (one["job"]["access_token"] for one in leases if one["job"]["run"] == run)
    return made


def test_a_job_reads_the_release_that_its_definition_may_deploy(world: World) -> None:
    assert world.done("GET", f"{VERSION}/", by="own job")["version"] == "1.0"
    assert world.ask("GET", f"{VERSION}/", by=WRITER).status == 404
    assert world.ask("GET", f"{VERSION}/", by="job").status == 404


def test_it_changes_nothing_there_and_reads_nothing_else_of_that_project(world: World) -> None:
    upload = world.ask("POST", f"{VERSION}/yank", {"reason": "x"}, by="own job")
    assert upload.status == 403
    for target in ("/api/v1/inventory/hidden/", f"/api/v1/state/{FOREIGN}/", f"/api/v1/inventory/{FOREIGN}/hooks/"):
        assert world.ask("GET", target, by="own job").status in (403, 404), target


def test_it_reads_it_no_longer_than_its_definition_may(world: World) -> None:
    world.done("PUT", f"/api/v1/users/{DEPLOYER}", {"roles": ROLES[:1]})

    assert world.ask("GET", f"{VERSION}/", by="own job").status == 404
