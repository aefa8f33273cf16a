"""Runs to look at: one that waits for a person behind two stages, and one that failed with a hostile log."""

from collections.abc import Sequence
from datetime import timedelta

from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import (
    Change,
    Deployment,
    DeploymentStage,
    DeploymentState,
    StageState,
    StageStatus,
    StateCode,
)
from tests.dialects.matrix.callers import OWNER, RUNNER
from tests.dialects.matrix.world import World

WEB = "/api/v1/state/web"
PIPELINES = "/api/v1/pipelines/by-project/web"
NONCE = "nonce-of-sixteen-letters"
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"
NOOP = {"type": "noop"}
LINES_AT_ONCE = 500
Lease = tuple[dict[str, object], str]


def a_project(world: World) -> None:
    """The project whose runs there are."""
    world.done("POST", f"{WEB}/add-project")
    for name in ("staging", "production"):
        world.done("POST", f"{WEB}/environments/", {"name": name})


def a_guest_and_a_machine(world: World) -> None:
    """Somebody who has no password and is in a group, a machine of the project, and a token for each of them."""
    world.done("PUT", "/api/v1/groups/sre", {"roles": ["project:web:global:read"]})
    world.done("POST", "/api/v1/users", {"name": "guest", "groups": ["sre"], "roles": ["project:web:global:write"]})
    world.done("POST", "/api/v1/tokens", {"user": "guest", "label": "of a script"})
    world.done("POST", f"{WEB}/service-accounts/robot/", {"role": "write", "team": "sre"})


def deployments(world: World) -> None:
    """What is deployed: one that is behind in production, one that failed, and one that is nowhere else."""
    for environment, name, version, status in (
        ("staging", "app", "1.10", "ok"),
        ("production", "app", "1.9", "ok"),
        ("staging", "worker", "0.3", "failure"),
        ("production", "tasks", "2.0", "ok"),
    ):
        stages = {"deploy": {"version": version, "status": {"status": status}}}
        state = {"name": name, "release": f"demo/{name}", "stages": stages}
        target = f"{WEB}/environments/{environment}/deployments/?deployment={name}"
        world.done("PUT", target, {"path": name, "state": state})


def many_deployments(world: World, applications: int, environments: int) -> None:
    """So many applications in each of so many environments, each version and time another."""
    for place in range(environments):
        world.done("POST", f"{WEB}/environments/", {"name": f"env-{place:02}"})
        for number in range(applications):
            _deployed(world, place, number)


def _deployed(world: World, place: int, number: int) -> None:
    name, environment = f"application-{number:03}", f"env-{place:02}"
    at = world.house.world.now() - timedelta(minutes=number * place * 71 % 150_000)
    stage = StageState(version=f"{number % 7}.{number * 37 % 300}.{place}", status=StageStatus(code=StateCode.OK))
    state = DeploymentState(name=name, release=f"team/{name}", stages={DeploymentStage.DEPLOY: stage})
    new = Deployment(project="web", environment=environment, name=name, state=None, changed_at=at)
    change = Change(id=f"{environment} {name}", at=at, by="ada", action=JobKind.DEPLOY, state=state)
    world.house.ports.deployments.commit(new, change, None)


def a_run(world: World, name: str, phases: Sequence[object]) -> str:
    """The id of a run of a new pipeline."""
    world.done("POST", f"{PIPELINES}/add", {"name": name, "phases": phases})
    return triggered(world, name)


def triggered(world: World, name: str) -> str:
    """The id of a new run of a pipeline."""
    world.done("POST", f"{PIPELINES}/by-name/{name}/trigger", by=OWNER)
    world.work_off()
    return str(world.done("GET", "/api/v1/projects/web/runs?page_size=1")[0]["id"])


def a_delivery(world: World, quorum: int = 1) -> str:
    """A run that went through two stages, and waits for a person before production."""
    build = [
        {"name": "compile", **NOOP},
        {"name": "unit tests", "needs": ["compile"], **NOOP},
        {"name": "lint", **NOOP},
        {"name": "package", "needs": ["compile", "unit tests", "lint"], **NOOP},
    ]
    ship = [{"name": "deploy", **NOOP}, {"name": "smoke", "needs": ["deploy"], **NOOP}]
    gate = {"name": "sign-off", "type": "approval", "description": "by who knows the release", "quorum": quorum}
    phases = [
        {"name": "build", "steps": build},
        {"name": "staging", "environment": "staging", "steps": ship},
        {"name": "production", "environment": "production", "gates": [gate], "steps": ship},
    ]
    return a_run(world, "delivery", phases)


def a_log(world: World, lines: Sequence[str]) -> str:
    """A run whose only step goes on, with these lines in its log."""
    step = {"name": "integration", "type": "script", "script": "make", "timeout": 60}
    run = a_run(world, "talk", [{"name": "test", "steps": [step]}])
    held, job = leased(world)
    for first in range(0, len(lines), LINES_AT_ONCE):
        text = "".join(f"{line}\n" for line in lines[first : first + LINES_AT_ONCE])
        body = {**held, "from": first // LINES_AT_ONCE, "chunks": [{"text": text, "stream": "out"}]}
        world.done("POST", f"{job}/logs", body, by=RUNNER)
    return run


def leased(world: World, nonce: str = NONCE) -> Lease:
    """Of a lease that a runner has taken, what it shows, and the path of the job."""
    lease = world.done("POST", "/api/v1/jobs/lease", {"runner": "r1", "nonce": nonce}, by=RUNNER)["leases"][0]
    return {key: lease[key] for key in ("token", "number")}, f"/api/v1/jobs/{lease['job']['id']}"


def a_failure(world: World, lines: int = 300, about: str = HOSTILE) -> str:
    """A run whose step failed, with a log of this many lines, and two more that say what it was about."""
    step = {"name": "integration", "type": "script", "script": "make", "timeout": 60}
    run = a_run(world, "nightly", [{"name": "test", "steps": [step]}])
    held, job = leased(world)
    chunks = [
        {"text": "".join(f"\x1b[32mok\x1b[0m test {number} passed\n" for number in range(lines)), "stream": "out"},
        {"text": f"error: {about} is not 200\n", "stream": "err"},
        {"text": "1 failed\n", "stream": "out"},
    ]
    world.done("POST", f"{job}/logs", {**held, "from": 0, "chunks": chunks}, by=RUNNER)
    ended(world, (held, job), "failed", f"exit code 1 {about}")
    return run


def ended(world: World, lease: Lease, outcome: str, reason: str = "") -> None:
    """A runner has said how a job ended."""
    held, job = lease
    ending = {**held, "nonce": f"end-{NONCE}", "outcome": outcome, "reason": reason}
    world.done("POST", f"{job}/finish", ending, by=RUNNER)
    world.work_off()


def redeployed(world: World, *versions: str) -> None:
    """A deployment in staging that has had each of these versions, the last of them now."""
    for version in versions:
        state = {"name": "app", "release": "demo/app", "stages": {"deploy": {"version": version}}}
        world.done("PUT", f"{WEB}/environments/staging/deployments/?deployment=app", {"path": "app", "state": state})
        world.house.world.move(timedelta(minutes=5))


def a_release(world: World, version: str, **more: str) -> None:
    """A release of what is deployed. more: fields of its metadata."""
    world.done("POST", f"{WEB}/add-namespace", {"name": "demo"})
    metadata = {"name": "app", "version": version, "project": "demo", **more}
    world.done("POST", "/api/v1/inventory/demo/register", metadata)
