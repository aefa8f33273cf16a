"""The load of a configuration from a repository, as a plan of one job: a runner reads one file and hands it over."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from chalicelib.kernel.definitions.compile_build import NODE, SECRET_NAMES, STAGE
from chalicelib.kernel.definitions.run_request import RunRequest, plan_of
from chalicelib.kernel.plans.plan import DefinitionRef, Node, Plan, Stage
from chalicelib.kernel.plans.work import DefinitionKind, Job, JobKind
from chalicelib.kernel.workloads.workload import CodeSource
from slipway_formats.frozen import frozen

LOADED, FOLLOWED = "loads", "followed_by"
"""In a plan's snapshot: what kind of configuration is loaded; the pipeline that begins with it, if one does."""


class LoadKind(StrEnum):
    """What a configuration is of."""

    TASK = "task"
    PIPELINE = "pipeline"


FILES: Mapping[LoadKind, str] = {LoadKind.TASK: "manifest.json", LoadKind.PIPELINE: "pipeline.json"}


@frozen
class Load:
    """A file of a directory that is to be read. followed_by: the pipeline that begins with it, as JSON."""

    kind: LoadKind
    project: str
    source: CodeSource
    pool: str = "default"
    followed_by: Mapping[str, object] = field(default_factory=dict)


def load_ref(load: Load) -> DefinitionRef:
    """Return the definition that the run of a load executes: named as its directory, where its pipeline is to run."""
    name = f"{load.source.repository}/{load.source.directory}"
    environment = str(load.followed_by.get("environment", ""))
    return DefinitionRef(kind=DefinitionKind.LOAD, project=load.project, environment=environment, name=name)


def compile_load(load: Load, request: RunRequest) -> Plan:
    """Compile the run of a load."""
    source, ref = load.source, load_ref(load)
    secrets = {"private_key": source.private_key, "password": source.password}
    ask = {
        "repository": source.url,
        "directory": source.directory,
        "branch": source.branch,
        "username": source.username,
        "file": FILES[load.kind],
        SECRET_NAMES: {name: reference for name, reference in secrets.items() if reference},
    }
    node = Node(key=NODE, name=FILES[load.kind], work=Job(kind=JobKind.LOAD, pool=load.pool, ask=ask))
    place = {"repository": source.repository, "directory": source.directory, "branch": source.branch}
    held: dict[str, object] = {LOADED: load.kind.value, "source": place}
    if load.followed_by:
        held[FOLLOWED] = dict(load.followed_by)
    return plan_of(ref, request, (Stage(key=STAGE, name="load", steps=(node,)),), held)
