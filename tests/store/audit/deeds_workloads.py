"""The ways to change workloads."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.projects.project import Environment, Project
from chalicelib.kernel.workloads.transitions import deleted
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.workloads.manifest import WorkloadKind
from tests.builders import NOON, an_entry
from tests.kernel.workloads.given import a_settled, a_workload
from tests.store.audit.deeds import Kept, Way

GONE = deleted(replace(a_settled(WorkloadKind.SERVICE), version=1), NOON)


def an_environment(kept: Kept) -> None:
    """There was an environment."""
    web = kept.projects.create(Project(name="web", created_at=NOON), an_entry())
    kept.projects.create_environment(web, Environment(project="web", name="staging", created_at=NOON), an_entry())


def a_deployed_service(kept: Kept) -> None:
    """There was a service."""
    an_environment(kept)
    kept.workloads.save(a_settled(WorkloadKind.SERVICE))


def all_workloads(kept: Kept) -> object:
    """All workloads, and what they hold."""
    workloads = kept.workloads
    current = workloads.of_environment("web", "staging", Page())
    return workloads.every_in("web", "staging"), current, workloads.find_published(["/fibonacci/"])


WAYS: Mapping[str, Way] = {
    "deploy a workload": Way(
        before=an_environment,
        act=lambda kept, entry: kept.workloads.save(a_workload(), entry=entry),
        seen=all_workloads,
    ),
    "begin a pipeline": Way(
        before=an_environment,
        act=lambda kept, entry: kept.workloads.count_pipeline("web", "staging", entry),
        seen=lambda kept: kept.workloads.counts([("web", "staging")]),
        is_refused=False,
    ),
    "delete a workload": Way(
        before=a_deployed_service,
        act=lambda kept, entry: kept.workloads.save(GONE, entry=entry),
        seen=all_workloads,
    ),
}
