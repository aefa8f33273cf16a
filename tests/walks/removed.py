"""The story of a project that is removed while work is done in it, by a runner, in a real platform."""

from dataclasses import dataclass
from typing import Any

import psutil

from tests.walks.api import Answer, Ask, Json, eventually, script
from tests.walks.site import Site

PROJECT = "leaves"
WEB = f"/api/v1/state/{PROJECT}/"
PATIENCE = 120.0
BUSY = "setsid sleep 600 & sleep 600 & touch {folder}/at-leaving; sleep 600"
STATE: Json = {"path": "app", "root_stage": "", "state": {"name": "app", "stages": {"deploy": {"version": "1.0"}}}}


@dataclass(kw_only=True)
class Removed:
    """What was told of the removal, ask by ask; what ran before and after it; and what the run is answered as."""

    asks: list[Json]
    during: Answer
    before: int
    left: list[psutil.Process]
    run: Answer
    after: Answer


def removed(site: Site) -> Removed:
    """A project with a run that is at work and one behind it, removed and asked about until nothing is left."""
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
    asks, during = [_remove(site)], site.asks(Ask(method="GET", path=WEB))
    eventually(lambda: asks[-1]["complete"] or _again(site, asks), PATIENCE)
    return Removed(
        asks=asks,
        during=during,
        before=before,
        left=site.processes_of(run),
        run=site.asks(Ask(method="GET", path=f"/api/v1/runs/{run}")),
        after=site.asks(Ask(method="DELETE", path=WEB)),
    )


def _remove(site: Site) -> Any:  # noqa: ANN401 - JSON
    answer = site.asks(Ask(method="DELETE", path=WEB))
    assert answer.status == 200, answer
    return answer.json


def _again(site: Site, asks: list[Json]) -> bool:
    """Whether it is complete after one more ask."""
    asks.append(_remove(site))
    return bool(asks[-1]["complete"])
