"""What is left of a story, without instants, versions and fences: what must be the same with a fault and without."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from chalicelib.kernel.job import Job
from chalicelib.kernel.run import Run, StageExecution
from chalicelib.store.items import unwired
from chalicelib.store.tables import Tables
from chalicelib.use_cases.ports import Ports

Picture = dict[str, object]


def picture(ports: Ports, tables: Tables) -> Picture:
    """Runs, jobs, logs, locks, marks, deployments, releases and audit entries, as they are now."""
    found: Picture = {}
    for pk, sk in _keys(tables, "runs"):
        kind, _, name = pk.partition("#")
        if kind == "run" and sk == "run":
            found[pk] = _run(ports.runs.run(name))
        elif sk.startswith("job#"):
            job = ports.jobs.job(sk.removeprefix("job#"))
            found[sk] = _job(job)
        elif kind == "run":
            found[f"{pk}/{sk}"] = "moved"
        elif kind == "lock":
            found[pk] = ports.locks.line(name)
        elif kind == "plan":
            found[pk] = "plan"
    for pk, sk in _keys(tables, "logs"):
        name = pk.removeprefix("log#")
        if sk == "head":
            found[pk] = _log(ports, name)
    for table in ("audit", "projects", "inventory"):
        found[table] = Counter(_name(table, pk, sk) for pk, sk in _keys(tables, table))
    return found


def _keys(tables: Tables, table: str) -> Iterator[tuple[str, str]]:
    asked: dict[str, Any] = {"TableName": f"{tables.prefix}{table}", "ProjectionExpression": "pk, sk"}
    answer = tables.aws.call("dynamodb", "Scan", asked)
    for item in sorted((unwired(one) for one in answer["Items"]), key=lambda one: (one["pk"], one["sk"])):
        yield item["pk"], item["sk"]


def _name(table: str, pk: str, sk: str) -> str:
    """The key without instants, which differ by how long a story took."""
    return pk if table in ("audit", "projects") else f"{pk}/{sk}"


def _run(run: Run) -> object:
    return (
        run.phase,
        run.reason,
        run.retries,
        run.releases,
        tuple(_execution(one) for one in run.stages),
        tuple((act.kind, act.by, act.node) for act in run.acts),
        tuple(entry.effect for entry in run.owed),
    )


def _execution(execution: StageExecution) -> object:
    nodes = {
        key: (state.phase, state.attempt, state.reason, state.reference, dict(state.outputs))
        for key, state in sorted(execution.nodes.items())
    }
    return execution.number, execution.stage, execution.attempt, execution.phase, nodes


def _job(job: Job) -> object:
    ending = None if job.ending is None else (job.ending.outcome, dict(job.ending.outputs))
    return job.phase, job.cancel, ending, job.acknowledged


def _log(ports: Ports, name: str) -> object:
    return [(chunk.seq, chunk.stream, chunk.text) for chunk in ports.logs.read(name, 0)]
