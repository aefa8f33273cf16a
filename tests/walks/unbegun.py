"""The story of a runner that leases a job, says that it will say when it begins, and is heard of no more."""

from dataclasses import dataclass

from tests.walks.api import Json, node, script
from tests.walks.lost_runner import PATIENCE
from tests.walks.site import Site

POOL = "unbegun"


@dataclass(frozen=True, kw_only=True)
class Unbegun:
    """run: when it had ended. lines: what its script left. heard: its log."""

    run: Json
    lines: list[str]
    heard: list[str]


def unbegun(site: Site) -> Unbegun:
    """A step with a single attempt, leased to a runner that vanished before it began."""
    site.project("unbegun")
    write = f'echo "$SLIPWAY_ATTEMPT" >> {site.folder}/unbegun.txt; echo done'
    site.pipeline("unbegun", "once", [{"name": "only", "steps": [script("work", write, pool=POOL)]}])
    run = site.trigger("unbegun", "once")
    ask = {"pool": POOL, "runner": "ghost", "nonce": "nonce-of-the-ghost", "wait": 20, "says_began": True}
    assert len(site.post("/api/v1/jobs/lease", ask)["leases"]) == 1
    site.runner("living", POOL)
    ended = site.ended(run, PATIENCE)
    log = site.get(f"/api/v1/job-logs/{node(ended, 'work')['log']}")
    return Unbegun(run=ended, lines=site.lines("unbegun.txt"), heard=[one["text"] for one in log])
