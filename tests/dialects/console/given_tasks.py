"""Tasks to look at: one of each kind, run, failed, refused and waiting; and more than a page of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.explanation.runner import Runner
from chalicelib.use_cases.workloads.look import look_at_workload
from tests.dialects.console.given import HOSTILE, NONCE, a_project
from tests.dialects.matrix.callers import OWNER, RUNNER
from tests.dialects.matrix.world import World

DEPLOY = "/v2/task/deploy/with-configuration"
JOB = {"type": "job", "image": "python:3.13", "cmd": ["make"], "env": [{"name": "MODE", "value": "a-value"}]}
HOURLY = {**JOB, "schedule": "0 * * * *"}
SERVICE = {**JOB, "type": "service", "container-port": 8080, "published": {"prefix": "/site/"}}
PIPELINE = {"tasks": [{"name": "one", "namespacetask": "tasks/job"}]}


def a_namespace(world: World) -> None:
    """Where the tasks are, a repository for them, and a runner that runs them."""
    a_project(world)
    ports, now = world.house.ports, world.house.world.now()
    world.house.ports = replace(ports, settings=replace(ports.settings, executor="process"))
    ports.runners.note(Runner(pool="default", name="r1", seen_at=now, slots=9, executor="process"))
    known = {"url": "https://git.example.org/tasks.git", "projects": ["web"]}
    world.done("PUT", "/api/v1/repositories/tasks", known)


def a_task(world: World, name: str, said: Mapping[str, object] = JOB, namespace: str = "night") -> str:
    """The id of a new task. said: its manifest."""
    made = {"namespace": namespace, "project": "web", "configuration": {**said, "name": name}}
    done = world.done("POST", DEPLOY, made, by=OWNER)
    world.house.work_off()
    return str(done["id"]).removeprefix("tsk_")


def ran(world: World, task: str, pod: dict[str, object], outcome: str = "") -> None:
    """A runner takes the job of a task, says how its pod is and, if it has an outcome, ends."""
    asked = {"runner": "r1", "nonce": f"{NONCE}-{task}", "capacity": 1, "executor": "process"}
    lease = world.done("POST", "/api/v1/jobs/lease", asked, by=RUNNER)["leases"][0]
    job, held = f"/api/v1/jobs/{lease['job']['id']}", {key: lease[key] for key in ("token", "number")}
    said = {"name": "pod-0", "phase": "Running", "started_at": "2026-06-01T12:05:00Z", **pod}
    world.done("POST", f"{job}/pods", {**held, "report": 1, "pods": [said]}, by=RUNNER)
    chunk = {"text": f"it says {HOSTILE}\n", "stream": "out"}
    world.done("POST", f"{job}/logs", {**held, "from": 0, "chunks": [chunk]}, by=RUNNER)
    if outcome:
        ended = {**held, "nonce": f"end-{task}-{NONCE}", "outcome": outcome, "reason": f"exit code 3 {HOSTILE}"}
        world.done("POST", f"{job}/finish", ended, by=RUNNER)
        world.house.work_off()


def tasks(world: World) -> None:
    """One of each kind, one whose manifest is being read, and a pipeline."""
    a_namespace(world)
    cron = a_task(world, "hourly", HOURLY)
    world.house.world.move(timedelta(hours=1))
    look_at_workload(world.house.ports, cron)
    world.house.work_off()
    ran(world, f"{cron}-1", {"phase": "Succeeded", "exit_code": 0}, "succeeded")
    failed = a_task(world, "report")
    ran(world, failed, {"phase": "Failed", "exit_code": 3, "reason": HOSTILE}, "failed")
    service = a_task(world, "site", SERVICE)
    ran(world, service, {"ready": True, "address": "http://127.0.0.1:5000"})
    waiting = a_task(world, "worker", {**JOB, "type": "deployment", "replicas": 2})
    loading = str(world.done("GET", "/v1/task/deployas/tasks/job/first?project=web", by=OWNER)["id"])
    run = {"namespace": "night", "configuration": {**PIPELINE, "name": "dawn"}}
    world.done("POST", "/v2/pipeline/run/with-configuration", run, by=OWNER)
    world.house.work_off()
    world.things |= {"failed_task": failed, "service": service, "cron": cron, "worker": waiting}
    world.things["loading"] = loading.removeprefix("tsk_")


def many_tasks(world: World, count: int = 30) -> None:
    """More than a page of tasks in two namespaces."""
    a_namespace(world)
    for number in range(count):
        a_task(world, f"job-{number:02}", HOURLY, "night" if number % 2 else "dusk")
