"""The story of a runner that dies by kill -9 while it holds the jobs of two exclusive stages, told once to its end."""

import os
import signal
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from tests.walks.api import Answer, Ask, Json, eventually, node, nodes, script
from tests.walks.site import Site
from tests.walks.wiretap import listening

LEASE = 25.0
PATIENCE = 300.0

TICK = 'while :; do echo "tick $SLIPWAY_RUN $SLIPWAY_ATTEMPT $(date +%s.%N)" >> "$1"; sleep 0.05; done'
WORK = """
trace={folder}/$SLIPWAY_ENVIRONMENT.txt
note() {{ echo "$1 $SLIPWAY_RUN $SLIPWAY_ATTEMPT $(date +%s.%N)" >> "$trace"; }}
note begin
if [ ! -e {folder}/lost ]; then
    setsid sh {folder}/tick.sh "$trace" &
    sleep 600
fi
note end
"""
"""Notes when it is at work. Until the runner is lost it does not end, nor does what it started in another session."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """A line that a script, or what it left running, has written. at: seconds."""

    what: str
    run: str
    attempt: int
    at: float


@dataclass(kw_only=True)
class LostRunner:
    """What was seen. killed_at: seconds. retried, broken: two runs of each pipeline, in order of asking.

    late: what the lost leases' finish, log and heartbeat were answered after their jobs were broken.
    """

    killed_at: float = 0.0
    retried: list[Json] = field(default_factory=list)
    broken: list[Json] = field(default_factory=list)
    late: list[Answer] = field(default_factory=list)
    notes: dict[str, list[Note]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)


def lost_runner(site: Site) -> LostRunner:
    """One pipeline tries its step again, the other does not; of each, a second run waits for the environment."""
    pipelines = {"retried": ("production", 2), "broken": ("staging", 1)}
    (site.folder / "tick.sh").write_text(TICK)
    site.project("lost", "production", "staging")
    for name, (environment, attempts) in pipelines.items():
        site.pipeline("lost", name, _phases(site, environment, attempts))
    with listening(site.port) as tap:
        first = site.runner("first", "lost", tap.api)
        runs = {name: [site.trigger("lost", name)] for name in pipelines}
        for environment in ("production", "staging"):
            eventually(partial(_notes, site, environment), PATIENCE)
        for name, known in runs.items():
            known.append(site.trigger("lost", name))
            site.until(known[1], lambda run: run["stages"][0]["phase"] == "waiting-lock")
        seen = LostRunner(killed_at=_killed(site, first.pid))
        first.wait()
        site.runner("second", "lost")
        for name, (one, _) in runs.items():
            site.until(one, lambda run: node(run, "work")["attempt"] == 2 or run["phase"] == "broken", PATIENCE)
            seen.late += _late_words(site, next(lease for lease in tap.leases if lease["job"]["run"] == one), name)
    seen.retried, seen.broken = ([site.ended(one, PATIENCE) for one in known] for known in runs.values())
    seen.notes = {environment: _notes(site, environment) for environment in ("production", "staging")}
    logs = [one["log"] for run in (*seen.retried, *seen.broken) for one in nodes(run, "work")]
    seen.heard = [chunk["text"] for log in logs for chunk in site.get(f"/api/v1/job-logs/{log}")]
    return seen


def _phases(site: Site, environment: str, attempts: int) -> list[Json]:
    work = script("work", WORK.format(folder=site.folder), pool="lost", attempts=attempts)
    return [{"name": "only", "environment": environment, "exclusive": True, "steps": [work]}]


def _killed(site: Site, process: int) -> float:
    (site.folder / "lost").touch()
    os.kill(process, signal.SIGKILL)
    return datetime.now().astimezone().timestamp()


def _late_words(site: Site, lease: Json, name: str) -> list[Answer]:
    held = {"token": lease["token"], "number": lease["number"]}
    chunk = {"stream": "out", "text": "late words\n", "at": "2026-01-01T00:00:00Z"}
    words: dict[str, Json] = {
        "finish": {**held, "nonce": f"late-words-of-{name}", "outcome": "succeeded"},
        "logs": {**held, "from": 0, "chunks": [chunk]},
        "heartbeat": held,
        "return": held,
    }
    path = f"/api/v1/jobs/{lease['job']['id']}"
    return [site.asks(Ask(method="POST", path=f"{path}/{verb}", body=body)) for verb, body in words.items()]


def _notes(site: Site, environment: str) -> list[Note]:
    rows = [line.split() for line in site.lines(f"{environment}.txt")]
    return [Note(what=row[0], run=row[1], attempt=int(row[2]), at=float(row[3])) for row in rows if len(row) == 4]
