"""Stories in which parts of the platform die by kill -9. Each is told once, to its end; the tests judge what was seen.

They run beside one another and beside the peaceful walks. Whoever starts after a kill asks at once for whatever was
committed and not performed: by its deadline it would be asked for half a minute to a whole one later.
"""

from dataclasses import dataclass
from functools import partial

import psutil

from tests.walks.api import Json, eventually, script
from tests.walks.site import Outage, Site

RUNS = 20
ATTEMPTS = 3
"""Of each script: one that began when its runner or its platform died is used up, and whether it had, the load says."""

AFTER_A_KILL = 300.0
"""Seconds that are waited for before a story is given up."""


@dataclass(frozen=True, kw_only=True)
class ServerKilled:
    """peaceful: a run before the first kill. runs: the others, when all had ended. lines: of all, as chain says.

    outages: of each kill.
    """

    peaceful: Json
    runs: list[Json]
    lines: list[str]
    outages: list[Outage]


def server_killed(site: Site) -> ServerKilled:
    """Twenty runs, amid which the server dies twice."""
    site.project("shop")
    site.pipeline("shop", "many", chain(site))
    peaceful = site.ended(site.trigger("shop", "many"), AFTER_A_KILL)
    ids = [site.trigger("shop", "many") for _ in range(RUNS)]
    outages = []
    for done in (6, 23):
        eventually(partial(_has_lines, site, done), AFTER_A_KILL)
        outages.append(site.kill("server"))
    runs = [site.ended(one, AFTER_A_KILL) for one in ids]
    return ServerKilled(peaceful=peaceful, runs=runs, lines=site.lines("lines.txt"), outages=outages)


@dataclass(frozen=True, kw_only=True)
class StandInKilled:
    """before: numbers of runs given before the kill. later: runs asked for after it. runs: all, when they had ended.

    outages: of the kill.
    """

    settled: Json
    before: list[int]
    later: list[Json]
    runs: list[Json]
    outages: list[Outage]


def stand_in_killed(site: Site) -> StandInKilled:
    """Runs amid which the stand-in dies: what it answered last is there, each run and its number."""
    site.project("shop")
    site.pipeline("shop", "many", chain(site))
    settled = site.ended(site.trigger("shop", "many"))
    before = [site.run(site.trigger("shop", "many"))["run_nr"] for _ in range(8)]
    outages = [site.kill("stand-in")]
    later = [site.trigger("shop", "many") for _ in range(4)]
    runs = [site.ended(one["id"], AFTER_A_KILL) for one in listed(site)]
    ended = [site.ended(one, AFTER_A_KILL) for one in later]
    return StandInKilled(settled=settled, before=before, later=ended, runs=runs, outages=outages)


@dataclass(frozen=True, kw_only=True)
class SupervisorKilled:
    """left: children that did not die with their parent. went_on: runs that were under way, when they had ended."""

    children: int
    left: int
    went_on: list[Json]
    is_ready_file_true: bool


def supervisor_killed(site: Site) -> SupervisorKilled:
    """A run at its gate and one amid its scripts; the supervisor dies, and another takes its place."""
    site.project("shop")
    site.pipeline("shop", "many", chain(site))
    site.pipeline("shop", "gated", gated())
    waiting = site.trigger("shop", "gated")
    site.until(waiting, lambda run: run["stages"][1]["phase"] == "gates")
    busy = site.trigger("shop", "many")
    eventually(lambda: site.lines("lines.txt"))
    assert site.supervisor is not None
    children = list(site.children().values())
    site.supervisor.kill()
    site.supervisor.wait()
    left = psutil.wait_procs(children, timeout=60)[1]
    token = site.ready["admin_token"]
    site.up()
    assert site.decide(waiting, "approve").status == 200
    ended = [site.ended(one, AFTER_A_KILL) for one in (waiting, busy)]
    is_true = site.ready["admin_token"] == token
    return SupervisorKilled(children=len(children), left=len(left), went_on=ended, is_ready_file_true=is_true)


@dataclass(frozen=True, kw_only=True)
class AllKilled:
    """went_on: runs that were under way, when they had ended. again: the answer to a second approval of one."""

    went_on: list[Json]
    again: int


def all_killed(site: Site) -> AllKilled:
    """The same, with every process of the platform killed at once."""
    site.project("inn")
    site.pipeline("inn", "gated", gated())
    ids = [site.trigger("inn", "gated") for _ in range(3)]
    for one in ids:
        site.until(one, lambda run: run["stages"][1]["phase"] == "gates")
    assert site.decide(ids[0], "approve").status == 200
    assert site.supervisor is not None
    for process in (psutil.Process(site.supervisor.pid), *site.children().values()):
        process.kill()
    site.supervisor.wait()
    site.up()
    for one in ids[1:]:
        assert site.decide(one, "approve").status == 200
    again = site.decide(ids[0], "approve").status
    return AllKilled(went_on=[site.ended(one, AFTER_A_KILL) for one in ids], again=again)


def chain(site: Site) -> list[Json]:
    """Steps one after the other: every second one leaves a line with its run, its name, its attempt and its job."""
    more = {"attempts": ATTEMPTS}

    def write(name: str) -> str:
        return f'echo "$SLIPWAY_RUN {name} $SLIPWAY_ATTEMPT $SLIPWAY_JOB" >> {site.folder}/lines.txt'

    steps = [
        {"name": "open", "type": "noop"},
        script("first", write("first"), needs=["open"], **more),
        {"name": "between", "type": "noop", "needs": ["first"]},
        script("second", write("second"), needs=["between"], **more),
    ]
    return [{"name": "one", "steps": steps}, {"name": "two", "steps": [script("third", write("third"), **more)]}]


def gated() -> list[Json]:
    """A script, a gate, and a script behind it."""
    more = {"attempts": ATTEMPTS}
    gate = {"name": "go", "type": "approval"}
    behind = {"name": "behind", "gates": [gate], "steps": [script("finish", "true", **more)]}
    return [{"name": "work", "steps": [script("begin", "true", **more)]}, behind]


def listed(site: Site) -> list[Json]:
    """All runs of the pipelines of the project."""
    found: list[Json] = site.get("/api/v1/projects/shop/runs?kind=pipeline&page_size=200")
    return found


def _has_lines(site: Site, count: int) -> bool:
    return len(site.lines("lines.txt")) >= count
