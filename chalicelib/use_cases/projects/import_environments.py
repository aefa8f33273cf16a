"""Taking over environments from a local state file: all that it says of them, or nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from zlib import compress

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.codec import encode
from chalicelib.kernel.faults import Conflict, TooLarge
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.projects.deployment import Change, DeploymentState
from chalicelib.kernel.projects.project import MAX_ENVIRONMENTS, Environment
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of, write_audit
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.environments import store_environment
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from chalicelib.use_cases.retry import retry_on_conflict

LARGEST_STATE = 350_000
"""Bytes of a deployment, compressed: a record of the store takes a little more, with all that is beside it."""


@frozen
class LocalEnvironment:
    """An environment as a state file has it. inputs: none leave those that are there. deployments: roots by name."""

    name: str
    inputs: Mapping[str, object] = field(default_factory=dict)
    deployments: Mapping[str, DeploymentState] = field(default_factory=dict)


@frozen
class ImportEnvironments:
    """Take over environments. overwrite: also where there are other deployments and inputs, which are then gone."""

    origin: Origin
    project: str
    environments: tuple[LocalEnvironment, ...]
    overwrite: bool = False


def import_environments(ports: Ports, ask: ImportEnvironments) -> Sequence[str]:
    """The names of the environments, each now as the file has it; the history of what was there before stays.

    Asking again goes on with what was broken off. Faults: NotFound; Conflict when there are other deployments, or too
    many environments; Stale; TooLarge, before anything is stored.
    """
    _refuse_too_many(ports, ask)
    _refuse_large(ask)
    taken = [one.name for one in ask.environments if _is_taken(ports, ask.project, one)]
    if taken and not ask.overwrite:
        raise Conflict(f"other deployments are in {', '.join(taken)}: ask with ?overwrite=true to forget them")
    for local in ask.environments:
        _take_over(ports, ask, local)
    imported = [local.name for local in ask.environments]
    action = AuditAction(
        act="imported-environments", subject=ask.project, project=ask.project, notes=" ".join(imported)
    )
    write_audit(ports, ask.origin, action)
    return imported


def _refuse_too_many(ports: Ports, ask: ImportEnvironments) -> None:
    known = set(ports.projects.project(ask.project).environments)
    if len(known | {local.name for local in ask.environments}) > MAX_ENVIRONMENTS:
        raise Conflict(f"project {ask.project} would have more than {MAX_ENVIRONMENTS} environments")


def _refuse_large(ask: ImportEnvironments) -> None:
    """Nothing, unless a deployment would fit into no record: then those before it are not to be stored either."""
    for local in ask.environments:
        for name, state in local.deployments.items():
            size = len(compress(json.dumps(encode(DeploymentState, state)).encode()))
            if size > LARGEST_STATE:
                said = f"takes {size} bytes when it is compressed, more than {LARGEST_STATE}"
                raise TooLarge(f"deployment {name} in {local.name} {said}")


def _is_taken(ports: Ports, project: str, local: LocalEnvironment) -> bool:
    """Whether something else is deployed there: what is as the file has it may come from an import broken off."""
    return any(
        one.state is not None and not _is_same(one.state, local.deployments.get(one.name))
        for one in ports.deployments.in_environment(project, local.name)
    )


def _is_same(one: DeploymentState, other: DeploymentState | None) -> bool:
    """Whether both are kept alike: instants lose what is below a millisecond."""
    return other is not None and encode(DeploymentState, one) == encode(DeploymentState, other)


def _take_over(ports: Ports, ask: ImportEnvironments, local: LocalEnvironment) -> None:
    retry_on_conflict(ports, lambda: _put_environment(ports, ask, local))
    known = [one.name for one in ports.deployments.in_environment(ask.project, local.name) if one.state is not None]
    for name in dict.fromkeys((*local.deployments, *known)):
        retry_on_conflict(ports, partial(_put, ports, ask, local, name))


def _put_environment(ports: Ports, ask: ImportEnvironments, local: LocalEnvironment) -> None:
    before = ports.projects.find_environment(ask.project, local.name)
    if before is None:
        made = Environment(project=ask.project, name=local.name, inputs=local.inputs, created_at=ask.origin.at)
        store_environment(ports, made, _entry(ask, "added-environment", local.name))
        return
    if (local.inputs or ask.overwrite) and dict(before.inputs) != dict(local.inputs):
        entry = _entry(ask, "changed-environment", local.name)
        ports.projects.save_environment(replace(before, inputs=local.inputs), entry)


def _entry(ask: ImportEnvironments, act: str, place: str) -> AuditEntry:
    return entry_of(ask.origin, AuditAction(act=act, subject=f"{ask.project}/{place}", project=ask.project))


def _put(ports: Ports, ask: ImportEnvironments, local: LocalEnvironment, name: str) -> None:
    before = deployment_or_new(ports, ask.project, local.name, name)
    wanted = local.deployments.get(name)
    if before.state == wanted or (before.state is not None and _is_same(before.state, wanted)):
        return
    change = Change(id=ask.origin.seed, at=ask.origin.at, by=ask.origin.by.name, state=wanted)
    act = "imported-state" if wanted is not None else "deleted-deployment"
    ports.deployments.commit(before, change, _entry(ask, act, f"{local.name}/{name}"))
