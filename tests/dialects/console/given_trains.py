"""Trains to look at: snapshots that were overtaken, that failed and that are in production; and more than a page."""

from tests.dialects.console.given import HOSTILE, NONCE, NOOP, PIPELINES, a_project
from tests.dialects.matrix.callers import OWNER, RUNNER
from tests.dialects.matrix.world import World

TRAINS = "/api/v1/trains"
STAGES = [
    {"name": "try", "steps": [{"name": "check", "type": "script", "script": "make", "timeout": 60}]},
    {"name": "staging", "environment": "staging", "gates": [{"name": "go", "type": "approval"}], "steps": [NOOP]},
    {"name": "production", "environment": "production", "promotion": "manual", "steps": [NOOP]},
]


def a_train(world: World, number: str, pipeline: str = "line", title: str = "", *, project: str = "web") -> int:
    """The id of a new train."""
    body = {"project": project, "number": number, "pipeline": pipeline, "title": title}
    return int(world.done("POST", TRAINS, body)["id"])


def a_snapshot(world: World, train: int, outcome: str = "") -> str:
    """The id of a new snapshot of a train, whose check ends so; without an outcome it has no check."""
    made = str(world.done("POST", f"{TRAINS}/{train}/snapshots", {}, by=OWNER)["id"])
    world.house.work_off()
    if outcome:
        _check_ends(world, outcome, made)
    return made


def _check_ends(world: World, outcome: str, snapshot: str) -> None:
    asked = {"runner": "r1", "nonce": f"{NONCE}-{snapshot}"}
    lease = world.done("POST", "/api/v1/jobs/lease", asked, by=RUNNER)["leases"][0]
    ended = {"token": lease["token"], "number": lease["number"], "nonce": f"end-{snapshot}-{NONCE}"}
    said = {"outcome": outcome, "reason": "" if outcome == "succeeded" else f"exit code 1 {HOSTILE}"}
    world.done("POST", f"/api/v1/jobs/{lease['job']['id']}/finish", {**ended, **said}, by=RUNNER)
    world.house.work_off()


def approved(world: World, train: int, snapshot: str) -> None:
    """The owner approves what a snapshot waits for."""
    run = world.done("GET", f"{TRAINS}/{train}/snapshots/{snapshot}")["runs"][-1]
    world.done("POST", f"/api/v1/runs/{run}/decisions", {"decision": "approve"}, by=OWNER)
    world.house.work_off()


def deployed(world: World, train: int, snapshot: str, stage: str) -> None:
    """The owner deploys a snapshot to a stage."""
    world.done("POST", f"{TRAINS}/{train}/snapshots/{snapshot}/deployments", {"stage": stage}, by=OWNER)
    world.house.work_off()


def trains(world: World) -> None:
    """A project with a train whose snapshots are everywhere, one that was cancelled and one that has nothing."""
    a_project(world)
    world.done("POST", f"{PIPELINES}/add", {"name": "line", "phases": STAGES, "concurrency": "supersede"})
    first = a_train(world, "1.0", title=HOSTILE)
    live, old, new, broken = (a_snapshot(world, first, one) for one in ("succeeded",) * 3 + ("failed",))
    approved(world, first, live)
    deployed(world, first, live, "production")
    approved(world, first, new)
    gone = a_train(world, "0.9")
    world.done("POST", f"{TRAINS}/{gone}/acts", {"act": "cancel", "reason": HOSTILE}, by=OWNER)
    world.things |= {"train": str(first), "live": live, "old": old, "new": new, "broken": broken}
    world.things |= {"gone": str(gone), "bare": str(a_train(world, "1.1"))}


def many_trains(world: World, count: int = 17, snapshots: int = 3) -> None:
    """So many trains, each with so many snapshots in a stage; the first has more than a page of them."""
    a_project(world)
    ship = {"name": "production", "environment": "production", "promotion": "manual", "steps": [NOOP]}
    phases = [{"name": "staging", "environment": "staging", "steps": [NOOP]}, ship]
    world.done("POST", f"{PIPELINES}/add", {"name": "short", "phases": phases})
    for number in range(count):
        train = a_train(world, f"{number}.0", "short")
        for _ in range(snapshots if number else 27):
            a_snapshot(world, train)
        world.things.setdefault("long", str(train))
