"""A project that is removed while work is done in it, by a runner, in a real platform."""

from dataclasses import dataclass
from typing import Any

import psutil
import pytest

from tests.walks.api import Answer, Ask, Json, eventually, script
from tests.walks.site import Site

PROJECT = "leaves"
WEB = f"/api/v1/state/{PROJECT}/"
LISTS = (
    "pipelines/by-project/{}/executions/",
    "deployment-jobs/by-project/{}/executions/",
    "state/{}/builds/executions/",
)
PATIENCE = 120.0
BUSY = "setsid sleep 600 & sleep 600 & touch {folder}/at-leaving; sleep 600"
STATE: Json = {"path": "app", "root_stage": "", "state": {"name": "app", "stages": {"deploy": {"version": "1.0"}}}}


@dataclass(kw_only=True)
class Seen:
    """What was told of the removal, ask by ask; what ran before and after it; and what the run is answered as."""

    asks: list[Json]
    during: Answer
    before: int
    left: list[psutil.Process]
    run: Answer
    after: Answer


@pytest.fixture(scope="module")
def seen(site: Site) -> Seen:
    site.project(PROJECT, "staging", "production")
    site.asks(Ask(method="PUT", path=f"{WEB}environments/staging/deployments/?deployment=app", body=STATE))
    for name, step in (("busy", script("work", BUSY.format(folder=site.folder))), ("idle", {"type": "noop"})):
        site.pipeline(PROJECT, name, [{"name": "only", "environment": "staging", "exclusive": True, "steps": [step]}])
    site.ended(site.trigger(PROJECT, "idle"))
    run = site.trigger(PROJECT, "busy")
    eventually((site.folder / "at-leaving").exists)
    behind = site.trigger(PROJECT, "idle")
    site.until(behind, lambda run: run["stages"][0]["phase"] == "waiting-lock")
    before = len(eventually(lambda: site.processes_of(run)))
    asks, during = [remove(site)], site.asks(Ask(method="GET", path=WEB))
    eventually(lambda: asks[-1]["complete"] or again(site, asks), PATIENCE)
    return Seen(
        asks=asks,
        during=during,
        before=before,
        left=site.processes_of(run),
        run=site.asks(Ask(method="GET", path=f"/api/v1/runs/{run}")),
        after=site.asks(Ask(method="DELETE", path=WEB)),
    )


def remove(site: Site) -> Any:  # noqa: ANN401 - JSON
    answer = site.asks(Ask(method="DELETE", path=WEB))
    assert answer.status == 200, answer
    return answer.json


def again(site: Site, asks: list[Json]) -> bool:
    """Whether it is complete after one more ask."""
    asks.append(remove(site))
    return bool(asks[-1]["complete"])


def test_what_runs_is_stopped_before_its_project_is_gone(seen: Seen) -> None:
    assert not seen.asks[0]["complete"]
    assert seen.asks[0]["stopping"] >= 1
    assert (seen.before > 0, seen.left) == (True, [])


def test_all_asks_together_removed_everything(seen: Seen) -> None:
    totals = {name: sum(ask["removed"][name] for ask in seen.asks) for name in seen.asks[0]["removed"]}

    gone = {name: total for name, total in totals.items() if total}
    assert gone == {"environments": 2, "deployments": 1, "pipelines": 2, "executions": 3}


def test_nobody_sees_it_from_the_first_ask_on(seen: Seen) -> None:
    assert seen.during.status == 404
    assert seen.run.status == 404
    assert seen.after.status == 404


def test_a_project_of_the_same_name_begins_anew(seen: Seen, site: Site) -> None:
    assert seen.asks[-1]["complete"]
    site.project(PROJECT, "staging")
    assert site.get(f"{WEB}environments/staging/?full=true") == {"name": "staging"}
    assert [site.get(f"/api/v1/{path.format(PROJECT)}") for path in LISTS] == [[], [], []]
    site.pipeline(
        PROJECT, "idle", [{"name": "only", "environment": "staging", "exclusive": True, "steps": [{"type": "noop"}]}]
    )
    assert site.ended(site.trigger(PROJECT, "idle"))["phase"] == "succeeded"
