"""Another walk, with a house of its own: past trains, snapshots and tasks."""

from tests.dialects.console import given_tasks, given_trains
from tests.dialects.console.site import Site
from tests.dialects.matrix.callers import OWNER, READER, STRANGER
from tests.dialects.matrix.world import people

ONCE = "once=view-1"
SNAPSHOTS = "/trains/$train/snapshots"
REPLAY = "act=replay&run=$failing&execution=1"


def walk_trains(site: Site) -> None:
    """Ask for all that there is of trains."""
    site.is_silent = True
    people(site)
    given_trains.trains(site)
    site.is_silent = False
    site.ask("GET", "/trains", by=STRANGER)
    site.ask("GET", "/trains", by=OWNER)
    site.ask("GET", "/trains?project=web&status=cancelled", by=READER)
    site.ask("GET", "/trains?status=cake", by=READER)
    site.ask("GET", "/trains?project=web", by=STRANGER)
    site.ask("GET", "/trains/$train", by=READER)
    site.ask("GET", "/trains/$train", by=STRANGER)
    site.ask("GET", "/trains/cake", by=OWNER)
    site.ask("GET", "/trains/$bare", by=OWNER)
    site.ask("GET", f"{SNAPSHOTS}/$new", by=OWNER)
    site.ask("GET", f"{SNAPSHOTS}/$new?stage=staging", by=READER)
    site.ask("GET", f"{SNAPSHOTS}/$new?stage=nothing", by=OWNER)
    site.ask("GET", f"{SNAPSHOTS}/$broken?stage=try", by=OWNER)
    _deploying(site)
    _replaying(site)


def _deploying(site: Site) -> None:
    to = f"{ONCE}&stage=production"
    site.send(f"{SNAPSHOTS}/$new/deployments", to, by=READER)
    site.send(f"{SNAPSHOTS}/$new/deployments", to, by=STRANGER)
    site.send(f"{SNAPSHOTS}/$new/deployments", ONCE, by=OWNER)
    site.send(f"{SNAPSHOTS}/$new/deployments", f"{ONCE}&stage=nowhere", by=OWNER)
    made = site.send(f"{SNAPSHOTS}/$new/deployments", to, by=OWNER)
    again = site.send(f"{SNAPSHOTS}/$new/deployments", to, by=OWNER)
    assert (made.status, again.headers["Idempotency-Replayed"]) == (303, "true")
    site.house.work_off()
    site.ask("GET", f"{SNAPSHOTS}/$new", by=OWNER)


def _replaying(site: Site) -> None:
    shown = site.ask("GET", f"{SNAPSHOTS}/$broken", by=OWNER)
    site.things |= {"failing": shown.text.split('name="run" value="')[1].split('"')[0]}
    site.send(f"{SNAPSHOTS}/$broken/acts", REPLAY, by=READER)
    site.send(f"{SNAPSHOTS}/$broken/acts", REPLAY, by=STRANGER)
    site.send(f"{SNAPSHOTS}/$broken/acts", "act=dance&run=$failing&execution=1", by=OWNER)
    site.send(f"{SNAPSHOTS}/$broken/acts", "act=replay&run=$failing&execution=x", by=OWNER)
    site.send(f"{SNAPSHOTS}/$broken/acts", "act=replay&run=$failing&execution=9", by=OWNER)
    site.send(f"{SNAPSHOTS}/$new/acts", REPLAY, by=OWNER)
    site.send(f"{SNAPSHOTS}/$broken/acts", REPLAY, by=OWNER)
    site.send(f"{SNAPSHOTS}/$broken/acts", REPLAY, by=OWNER)


def walk_tasks(site: Site) -> None:
    """Ask for all that there is of tasks."""
    site.is_silent = True
    people(site)
    given_tasks.tasks(site)
    site.is_silent = False
    site.ask("GET", "/tasks", by=STRANGER)
    site.ask("GET", "/tasks", by=OWNER)
    site.ask("GET", "/tasks?project=web&kind=cronjob", by=READER)
    site.ask("GET", "/tasks?kind=cake", by=READER)
    site.ask("GET", "/tasks?view=cake", by=READER)
    site.ask("GET", "/tasks?page_from=cake", by=READER)
    site.ask("GET", "/tasks?project=web", by=STRANGER)
    site.ask("GET", "/tasks?view=pipelines&namespace=night", by=OWNER)
    site.ask("GET", "/tasks?view=pipelines", by=STRANGER)
    site.ask("GET", "/tasks/$failed_task", by=OWNER)
    site.ask("GET", "/tasks/$service", by=READER)
    site.ask("GET", "/tasks/$cron", by=READER)
    site.ask("GET", "/tasks/$service", by=STRANGER)
    site.ask("GET", "/tasks/$loading", by=OWNER)
    _starting(site)
    _ending(site)


def _starting(site: Site) -> None:
    start = f"{ONCE}&repository=tasks&directory=job"
    site.send("/tasks", f"{start}&what=cake", by=OWNER)
    site.send("/tasks", f"{ONCE}&directory=job", by=OWNER)
    site.send("/tasks", f"{start}&namespace=night&name=second", by=READER)
    made = site.send("/tasks", f"{start}&namespace=night&name=second", by=OWNER)
    again = site.send("/tasks", f"{start}&namespace=night&name=second", by=OWNER)
    assert (made.status, again.headers["Idempotency-Replayed"]) == (303, "true")
    site.send("/tasks", f"{start}&namespace=night&what=pipeline", by=OWNER)
    site.send("/tasks/$failed_task/acts", f"{ONCE}&act=again", by=READER)
    site.send("/tasks/$failed_task/acts", f"{ONCE}&act=again", by=STRANGER)
    site.send("/tasks/$cron/acts", f"{ONCE}&act=again", by=OWNER)
    site.send("/tasks/$failed_task/acts", f"{ONCE}&act=again", by=OWNER)


def _ending(site: Site) -> None:
    site.send("/tasks/$failed_task/acts", f"{ONCE}&act=delete", by=OWNER)
    site.send("/tasks/$service/acts", f"{ONCE}&act=delete", by=READER)
    site.send("/tasks/$service/acts", f"{ONCE}&act=delete", by=STRANGER)
    site.send("/tasks/$service/acts", "act=dance", by=OWNER)
    site.send("/tasks/$service/acts", f"{ONCE}&act=delete&confirm=site", by=OWNER)
    site.ask("GET", "/tasks/$service", by=OWNER)
