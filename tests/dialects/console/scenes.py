"""Every page in each of its states, with what it may cost: one line each, asked by all tests of all pages."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from slipway_formats.frozen import frozen
from tests.dialects.console.given import a_delivery, a_failure, a_guest_and_a_machine, a_project, deployments
from tests.dialects.console.given_releases import releases_and_jobs
from tests.dialects.console.given_tasks import many_tasks, tasks
from tests.dialects.console.given_trains import many_trains, trains
from tests.dialects.matrix.callers import ADMIN, ANONYMOUS, OWNER, READER, STRANGER
from tests.dialects.matrix.world import World

KILOBYTES = 1024
PAGE = 15 * KILOBYTES


@frozen
class Scene:
    """A page as somebody sees it. path: with things of its world. world: where it is.

    reads: of the store, at most. elements: of its HTML, at most. bytes: of it, gzipped, at most.
    """

    path: str
    world: str
    reads: int
    elements: int
    by: str = OWNER
    status: int = 200
    bytes: int = PAGE

    @property
    def name(self) -> str:
        """How tests call it."""
        return f"{self.path} {self.world} {self.by}"


def nothing(_world: World) -> None:
    """People alone."""


def full(world: World) -> None:
    """One of each thing that pages show."""
    a_project(world)
    deployments(world)
    a_guest_and_a_machine(world)
    world.things |= {"failed": a_failure(world), "waiting": a_delivery(world)}


def released(world: World) -> None:
    """Releases that need one another, with a job that deploys them."""
    a_project(world)
    deployments(world)
    releases_and_jobs(world)


WORLDS: Mapping[str, Callable[[World], None]] = MappingProxyType(
    {
        "empty": nothing,
        "full": full,
        "trains": trains,
        "many trains": many_trains,
        "tasks": tasks,
        "many tasks": many_tasks,
        "released": released,
    }
)
TO_PRODUCTION = "/projects/web/environments/production/deploy/app/to"

SCENES = (
    Scene(path="/login", world="empty", by=ANONYMOUS, reads=0, elements=40),
    Scene(path="/runs/nowhere/at/all", world="empty", by=ANONYMOUS, status=404, reads=0, elements=40),
    Scene(path="/home", world="empty", by=STRANGER, reads=10, elements=80),
    Scene(path="/home", world="full", reads=12, elements=200),
    Scene(path="/home", world="full", by=READER, reads=12, elements=200),
    Scene(path="/home", world="full", by=STRANGER, reads=12, elements=80),
    Scene(path="/home?q=nothing+like+it", world="full", reads=12, elements=140),
    Scene(path="/inbox", world="empty", reads=10, elements=60),
    Scene(path="/inbox", world="full", reads=30, elements=120),
    Scene(path="/inbox", world="full", by=READER, reads=10, elements=60),
    Scene(path="/runs", world="empty", reads=8, elements=110),
    Scene(path="/runs", world="full", reads=8, elements=160),
    Scene(path="/runs?status=broken", world="full", reads=8, elements=110),
    Scene(path="/runs?status=cake", world="full", status=400, reads=6, elements=66),
    Scene(path="/runs?project=web", world="full", by=STRANGER, status=404, reads=6, elements=66),
    Scene(path="/runs/$waiting", world="full", reads=16, elements=240),
    Scene(path="/runs/$waiting", world="full", by=READER, reads=13, elements=240),
    Scene(path="/runs/$waiting?view=gantt", world="full", reads=16, elements=240),
    Scene(path="/runs/$waiting?view=list", world="full", reads=16, elements=240),
    Scene(path="/runs/$failed", world="full", reads=14, elements=240),
    Scene(path="/runs/$failed?view=gantt", world="full", reads=14, elements=240),
    Scene(path="/runs/$failed?view=list", world="full", reads=14, elements=240),
    Scene(path="/calendar", world="empty", reads=12, elements=260),
    Scene(path="/calendar?project=web", world="full", reads=20, elements=260),
    Scene(path="/calendar?project=web", world="full", by=READER, reads=20, elements=260),
    Scene(path="/calendar?project=web", world="full", by=STRANGER, status=404, reads=6, elements=66),
    Scene(path="/projects/web", world="full", reads=24, elements=240),
    Scene(path="/projects/web", world="full", by=READER, reads=24, elements=240),
    Scene(path="/projects/web", world="full", by=STRANGER, status=404, reads=6, elements=66),
    Scene(path="/projects/web/diff", world="full", reads=10, elements=90),
    Scene(path="/projects/web/diff?old=staging&new=production", world="full", by=READER, reads=24, elements=110),
    Scene(path="/projects/web/diff?old=staging&new=production&deployment=app", world="full", reads=24, elements=100),
    Scene(path="/projects/web/diff?old=staging&new=staging", world="full", reads=24, elements=100),
    Scene(
        path="/projects/web/diff?old=staging&new=staging&old_at=2026-06-01T12:06", world="full", reads=24, elements=110
    ),
    Scene(
        path="/projects/web/diff?old=staging&new=staging&old_at=soon", world="full", status=400, reads=6, elements=66
    ),
    Scene(path="/projects/web/diff?old=staging&new=nowhere", world="full", status=404, reads=20, elements=66),
    Scene(path="/projects/web/diff", world="full", by=STRANGER, status=404, reads=6, elements=66),
    Scene(path="/projects/web/environments/staging", world="full", reads=24, elements=160),
    Scene(path="/projects/web/environments/staging?change=0", world="full", by=READER, reads=40, elements=180),
    Scene(path="/projects/web/environments/staging?change=0", world="full", reads=40, elements=190),
    Scene(path="/projects/web/environments/production", world="full", reads=24, elements=130),
    Scene(path="/projects/web/environments/nothing", world="full", status=404, reads=8, elements=66),
    Scene(path="/projects/web/pipelines/delivery", world="full", reads=24, elements=160),
    Scene(path="/projects/web/pipelines/nothing", world="full", status=404, reads=8, elements=66),
    Scene(path="/audit?project=web", world="full", reads=8, elements=240),
    Scene(path="/audit?project=web&act=danced", world="full", reads=8, elements=90),
    Scene(path="/audit", world="full", status=404, reads=6, elements=66),
    Scene(path="/access", world="empty", by=ADMIN, reads=8, elements=280),
    Scene(path="/access", world="full", reads=8, elements=160),
    Scene(path="/access?project=web", world="full", reads=12, elements=240),
    Scene(path="/access?project=web", world="full", by=READER, reads=12, elements=170),
    Scene(path="/access?project=web", world="full", by=STRANGER, status=404, reads=8, elements=66),
    Scene(path="/access/people/reader", world="full", by=ADMIN, reads=6, elements=200),
    Scene(path="/access/people/reader", world="full", by=READER, reads=8, elements=130),
    Scene(path="/access/people/reader", world="full", status=404, reads=6, elements=66),
    Scene(path="/access/people/guest", world="full", by=ADMIN, reads=6, elements=220),
    Scene(path="/access/why?user=&project=web", world="full", reads=6, elements=90),
    Scene(path="/access/why?user=reader&project=web&level=read", world="full", reads=8, elements=90),
    Scene(path="/access/why?user=reader&project=web&level=owner", world="full", reads=8, elements=90),
    Scene(path="/access/why?user=reader&project=web", world="full", by=READER, status=403, reads=6, elements=66),
    Scene(path="/invitation", world="empty", by=ANONYMOUS, reads=0, elements=40),
    Scene(path="/search", world="empty", by=STRANGER, reads=8, elements=140),
    Scene(path="/search?q=web", world="full", reads=12, elements=120),
    Scene(path="/search?q=delivery%231&most=8", world="full", reads=12, elements=100),
    Scene(path="/search?q=web", world="full", by=STRANGER, reads=12, elements=80),
    Scene(path="/search?q=web&most=900", world="full", status=400, reads=6, elements=66),
    Scene(path="/releases", world="empty", reads=8, elements=80),
    Scene(path="/releases/demo/nothing", world="full", status=404, reads=8, elements=80),
    Scene(path="/releases/demo/app/1.2", world="released", reads=24, elements=140),
    Scene(path="/releases/demo/app/1.2", world="released", by=READER, reads=24, elements=130),
    Scene(path="/releases/demo/app/1.2?tab=needs", world="released", reads=20, elements=130),
    Scene(path="/releases/demo/lib/1.0?tab=needs", world="released", reads=20, elements=110),
    Scene(path="/releases/demo/lib/1.0?tab=downstream", world="released", by=READER, reads=20, elements=120),
    Scene(path="/releases/demo/app/1.2?tab=downstream", world="released", reads=20, elements=110),
    Scene(path="/releases/demo/app/1.2?tab=deployed", world="released", reads=24, elements=130),
    Scene(path="/releases/demo/app/1.1.1?tab=deployed", world="released", by=READER, reads=24, elements=130),
    Scene(path="/releases/demo/app/1.2?tab=downloads", world="released", reads=20, elements=110),
    Scene(path="/releases/demo/lib/1.0?tab=downloads", world="released", reads=20, elements=110),
    Scene(path="/releases/demo/app/1.2?tab=cake", world="released", status=400, reads=8, elements=66),
    Scene(path="/releases/demo/app/9.9", world="released", status=404, reads=10, elements=66),
    Scene(path="/releases/demo/app/1.2", world="released", by=STRANGER, status=404, reads=8, elements=66),
    Scene(path=f"{TO_PRODUCTION}/1.2", world="released", reads=34, elements=110),
    Scene(path=f"{TO_PRODUCTION}/1.2", world="released", by=READER, reads=34, elements=110),
    Scene(path=f"{TO_PRODUCTION}/9.9", world="released", status=404, reads=20, elements=66),
    Scene(path="/insights", world="empty", reads=8, elements=90),
    Scene(path="/insights", world="full", reads=8, elements=90),
    Scene(path="/insights?project=web", world="full", reads=12, elements=100),
    Scene(path="/insights?project=web", world="full", by=STRANGER, status=404, reads=6, elements=80),
    Scene(path="/runners", world="empty", reads=8, elements=90),
    Scene(path="/runners", world="full", reads=8, elements=110),
    Scene(path="/runs/nothing", world="full", status=404, reads=6, elements=66),
    Scene(path="/trains", world="empty", reads=8, elements=70),
    Scene(path="/trains", world="trains", reads=14, elements=130),
    Scene(path="/trains", world="trains", by=READER, reads=14, elements=130),
    Scene(path="/trains", world="trains", by=STRANGER, reads=8, elements=70),
    Scene(path="/trains?status=deployed", world="many trains", reads=8, elements=74),
    Scene(path="/trains?status=cake", world="trains", status=400, reads=6, elements=66),
    Scene(path="/trains?project=web", world="trains", by=STRANGER, status=404, reads=6, elements=66),
    Scene(path="/trains", world="many trains", reads=24, elements=260),
    Scene(path="/trains?page_from=10201", world="many trains", reads=12, elements=110),
    Scene(path="/trains/$train", world="trains", reads=10, elements=180),
    Scene(path="/trains/$train", world="trains", by=STRANGER, status=404, reads=6, elements=66),
    Scene(path="/trains/$gone", world="trains", reads=10, elements=90),
    Scene(path="/trains/$bare", world="trains", reads=10, elements=84),
    Scene(path="/trains/$long", world="many trains", reads=10, elements=400),
    Scene(path="/trains/nothing", world="trains", status=404, reads=6, elements=66),
    Scene(path="/trains/$train/snapshots/$new", world="trains", reads=10, elements=150),
    Scene(path="/trains/$train/snapshots/$new", world="trains", by=READER, reads=10, elements=130),
    Scene(path="/trains/$train/snapshots/$new", world="trains", by=STRANGER, status=404, reads=6, elements=66),
    Scene(path="/trains/$train/snapshots/$old", world="trains", reads=10, elements=140),
    Scene(path="/trains/$train/snapshots/$broken?stage=try", world="trains", reads=10, elements=150),
    Scene(path="/trains/$train/snapshots/$new?stage=nothing", world="trains", status=404, reads=10, elements=66),
    Scene(path="/tasks", world="empty", reads=8, elements=110),
    Scene(path="/tasks?view=pipelines", world="empty", reads=8, elements=110),
    Scene(path="/tasks", world="tasks", reads=16, elements=200),
    Scene(path="/tasks", world="tasks", by=READER, reads=16, elements=160),
    Scene(path="/tasks?view=pipelines", world="tasks", reads=16, elements=130),
    Scene(path="/tasks?kind=cronjob&namespace=none", world="tasks", reads=8, elements=110),
    Scene(path="/tasks?project=web", world="tasks", by=STRANGER, status=404, reads=6, elements=66),
    Scene(path="/tasks?view=cake", world="tasks", status=400, reads=6, elements=66),
    Scene(path="/tasks", world="many tasks", reads=12, elements=470),
    Scene(path="/tasks/$failed_task", world="tasks", reads=14, elements=150),
    Scene(path="/tasks/$failed_task", world="tasks", by=READER, reads=14, elements=140),
    Scene(path="/tasks/$failed_task", world="tasks", by=STRANGER, status=404, reads=6, elements=66),
    Scene(path="/tasks/$service", world="tasks", reads=14, elements=150),
    Scene(path="/tasks/$cron", world="tasks", reads=18, elements=190),
    Scene(path="/tasks/$loading", world="tasks", reads=14, elements=110),
    Scene(path="/tasks/nothing", world="tasks", status=404, reads=6, elements=66),
)
"""One line a page and state."""
