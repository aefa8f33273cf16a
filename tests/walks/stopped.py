"""The story of runs that are told to stop amid their work: its runner hears of it at a heartbeat, seconds later."""

from dataclasses import dataclass, field

import psutil

from tests.walks.api import Json, node, script
from tests.walks.site import Site

PROJECT = "stopped"
HOLD = script("hold", "sleep 600")


@dataclass(kw_only=True)
class Stopped:
    """Runs when they had ended. answers: to who stopped them. left: their processes then."""

    aborted: Json = field(default_factory=dict)
    outer: Json = field(default_factory=dict)
    inner: Json = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    left: dict[str, list[psutil.Process]] = field(default_factory=dict)


def stopped(site: Site) -> Stopped:
    """A run whose phase is aborted, and one that is cancelled while it waits for a run that it started."""
    site.project(PROJECT)
    start = {"name": "start", "type": "pipeline-trigger", "pipeline": "inner", "wait_for_pipeline": True}
    for name, step in (("aborted", HOLD), ("inner", HOLD), ("outer", start)):
        site.pipeline(PROJECT, name, [{"name": "only", "steps": [step]}])
    aborted, outer = (site.trigger(PROJECT, name) for name in ("aborted", "outer"))
    inner: str = node(site.until(outer, lambda run: node(run, "start")["child"]), "start")["child"]
    for one in (aborted, inner):
        site.until(one, lambda run: node(run, "hold")["phase"] == "running")
    told = Stopped()
    told.answers["aborted"] = site.act(aborted, "abort", notes="wrong one").status
    told.answers["outer"] = site.act(outer, "cancel").status
    told.aborted, told.outer = site.ended(aborted), site.ended(outer)
    told.inner = site.run(inner)
    told.left = {"aborted": site.processes_of(aborted), "inner": site.processes_of(inner)}
    return told
