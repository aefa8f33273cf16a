"""Pictures of the console's pages for docs/console.md: one line a page, and the world in which they are taken.

`make pictures` takes them, in tests/browser/pictures.py.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.insights.deployed_week import DeployedWeek, Point, week_of
from slipway_formats.frozen import frozen
from tests.dialects.console.given import (
    a_delivery,
    a_failure,
    a_release,
    deployments,
    redeployed,
    triggered,
)
from tests.dialects.console.given_tasks import HOURLY, SERVICE, a_namespace, a_task
from tests.dialects.console.given_trains import STAGES, a_snapshot, a_train, approved, deployed
from tests.dialects.matrix.callers import ADMIN, ANONYMOUS, OWNER
from tests.dialects.matrix.world import World


@frozen
class Picture:
    """A picture. name: of its file, without what it ends with. path: of the page, with things of the world."""

    name: str
    path: str
    by: str = OWNER


PICTURES = (
    Picture(name="home", path="/home"),
    Picture(name="inbox", path="/inbox"),
    Picture(name="runs", path="/runs"),
    Picture(name="run", path="/runs/$waiting"),
    Picture(name="run-failed", path="/runs/$failed?view=list"),
    Picture(name="project", path="/projects/web"),
    Picture(name="pipeline", path="/projects/web/pipelines/delivery"),
    Picture(name="environment", path="/projects/web/environments/staging?change=2"),
    Picture(name="diff", path="/projects/web/diff?old=staging&new=production"),
    Picture(name="releases", path="/releases"),
    Picture(name="release", path="/releases/demo/app"),
    Picture(name="version", path="/releases/demo/app/1.10"),
    Picture(name="deploy", path="/projects/web/environments/production/deploy/app/to/1.10"),
    Picture(name="trains", path="/trains"),
    Picture(name="train", path="/trains/$train"),
    Picture(name="snapshot", path="/trains/$train/snapshots/$live"),
    Picture(name="tasks", path="/tasks"),
    Picture(name="task", path="/tasks/$cron"),
    Picture(name="calendar", path="/calendar?project=web&month=2026-06"),
    Picture(name="insights", path="/insights?project=web&environment=production"),
    Picture(name="runners", path="/runners"),
    Picture(name="audit", path="/audit?project=web&by=admin"),
    Picture(name="access", path="/access?project=web"),
    Picture(name="person", path="/access/people/reader", by=ADMIN),
    Picture(name="why", path="/access/why?user=reader&project=web&level=write"),
    Picture(name="search", path="/search?q=web"),
    Picture(name="login", path="/login", by=ANONYMOUS),
    Picture(name="invitation", path="/invitation", by=ANONYMOUS),
)


def pictured(world: World) -> None:
    """A project in the middle of its day: deployed, waiting for a word, failed, frozen, travelling."""
    a_namespace(world)
    deployments(world)
    redeployed(world, "1.7", "1.8", "1.9", "1.10")
    a_release(world, "1.10", git_revision="9f8e7d6c5b4a", revision_message="Mend the basket", description="The shop")
    job = {"environment": "production", "deployment": "app", "release": "demo/app", "inputs": {"port": 80}}
    world.done("POST", "/api/v1/deployment-jobs/by-project/web/add", job)
    _trains(world)
    world.things |= {"failed": a_failure(world, lines=40, about="GET /basket"), "waiting": a_delivery(world)}
    triggered(world, "delivery")
    _tasks(world)
    _freezes(world)
    _weeks(world)
    world.house.world.move(timedelta(minutes=12))
    for name, slots, labels in (("build-1", 8, {"os": "linux"}), ("build-2", 4, {"gpu": "a100"})):
        seen = world.house.world.now() - timedelta(seconds=slots)
        world.house.ports.runners.note(Runner(pool="default", name=name, seen_at=seen, slots=slots, labels=labels))


def _weeks(world: World) -> None:
    """Eight weeks of deployments into production, some of which failed."""
    now = world.house.world.now()
    for back, count in enumerate((7, 9, 4, 6, 8, 3, 5, 2)):
        at = now - timedelta(weeks=back)
        points = tuple(_point(at + timedelta(hours=hours), f"{back:02}{hours:02}") for hours in range(count))
        week = DeployedWeek(project="web", environment="production", application="demo/app", week=week_of(at))
        world.house.ports.insights.save(replace(week, points=points))


def _point(at: datetime, number: str) -> Point:
    went_well = int(number) % 5 != 1
    return Point(id=number, at=at, went_well=went_well, run=f"3F{number}", lead=timedelta(hours=9 + int(number) % 7))


def _freezes(world: World) -> None:
    weekends = {"opens": "0 0 18 ? * FRI", "closes": "0 0 6 ? * MON", "timezone": "UTC", "reason": "weekends are ours"}
    sale = {"environment": "production", "begins": "2026-06-20T00:00:00Z", "ends": "2026-06-27T00:00:00Z"}
    world.done("POST", "/api/v1/freezes?project=web", weekends, by=OWNER)
    world.done("POST", "/api/v1/freezes?project=web", {**sale, "reason": "the summer sale"}, by=OWNER)


def _trains(world: World) -> None:
    pipelines = "/api/v1/pipelines/by-project/web"
    world.done("POST", f"{pipelines}/add", {"name": "line", "phases": STAGES, "concurrency": "supersede"})
    train = a_train(world, "1.4", title="Summer")
    live, _, new = (a_snapshot(world, train, "succeeded") for _ in range(3))
    approved(world, train, live)
    deployed(world, train, live, "production")
    approved(world, train, new)
    world.things |= {"train": str(train), "live": live}


def _tasks(world: World) -> None:
    world.things["cron"] = a_task(world, "clean-up", HOURLY)
    a_task(world, "site", SERVICE)
    a_task(world, "report")
