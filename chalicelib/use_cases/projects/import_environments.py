"""Import environments from a local state file: all of them or, if one is refused, none."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import partial

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.codec import encode
from chalicelib.kernel.faults import Conflict, Invalid
from chalicelib.kernel.projects.deployment import Change, DeploymentState
from chalicelib.kernel.projects.project import MAX_ENVIRONMENTS, Environment
from chalicelib.kernel.projects.sensitive import Sensitive, marked, masked_defects, opened, opened_defects, unmarked
from chalicelib.kernel.projects.state_tree import unreachable_defects
from chalicelib.kernel.secret_inputs import shown
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of, write_audit
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.environments import input_defects, with_inputs
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from chalicelib.use_cases.projects.sensitive import SensitiveNames
from chalicelib.use_cases.projects.state_size import require_size
from chalicelib.use_cases.projects.store_environment import store_environment
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


@frozen
class LocalEnvironment:
    """An environment of a state file. inputs: empty keeps the existing ones. deployments: roots by name."""

    name: str
    inputs: Mapping[str, object] = field(default_factory=dict)
    deployments: Mapping[str, DeploymentState] = field(default_factory=dict)


@frozen
class ImportEnvironments:
    """Import environments. overwrite: also where other deployments and inputs exist, which are then replaced."""

    origin: Origin
    project: str
    environments: tuple[LocalEnvironment, ...]
    overwrite: bool = False


def import_environments(ports: Ports, command: ImportEnvironments) -> Sequence[str]:
    """Replace the environments by those of the file and return their names; earlier history stays.

    Repeating it resumes an interrupted import. Faults: NotFound; Conflict if other deployments exist, or for too many
    environments; Stale; TooLarge, before anything is stored.
    """
    _refuse_too_many(ports, command)
    command = _marked(ports, command)
    _refuse_large(command)
    taken = [one.name for one in command.environments if _is_taken(ports, command.project, one)]
    if taken and not command.overwrite:
        raise Conflict(f"other deployments are in {', '.join(taken)}: ask with ?overwrite=true to forget them")
    for local in command.environments:
        _import(ports, command, local)
    imported = [local.name for local in command.environments]
    action = AuditAction(
        act="imported-environments", subject=command.project, project=command.project, notes=" ".join(imported)
    )
    write_audit(ports, command.origin, action)
    return imported


def _marked(ports: Ports, command: ImportEnvironments) -> ImportEnvironments:
    """Return the command with the names of sensitive values in its states. Faults: Invalid."""
    names = SensitiveNames(ports=ports, by=command.origin.by, project=command.project)
    found = list[Defect]()
    environments = list[LocalEnvironment]()
    for local in command.environments:
        states = dict[str, DeploymentState]()
        for name, state in local.deployments.items():
            states[name] = marked(opened(state), None, Sensitive(names_of=names.of))
            place = f"environments.{local.name}.deployments.{name}"
            found.extend(unreachable_defects(state, place))
            found.extend((*opened_defects(state, place), *masked_defects(states[name], place)))
        known = ports.projects.find_environment(command.project, local.name)
        wrong = input_defects(local.inputs, known.secrets if known is not None else {})
        found.extend(defect.under(f"environments.{local.name}") for defect in wrong)
        environments.append(replace(local, deployments=states))
    if found:
        raise Invalid(tuple(found))
    return replace(command, environments=tuple(environments))


def _refuse_too_many(ports: Ports, command: ImportEnvironments) -> None:
    known = set(ports.projects.project(command.project).environments)
    if len(known | {local.name for local in command.environments}) > MAX_ENVIRONMENTS:
        raise Conflict(f"project {command.project} would have more than {MAX_ENVIRONMENTS} environments")


def _refuse_large(command: ImportEnvironments) -> None:
    """Refuse a deployment too large for a record before anything is stored."""
    for local in command.environments:
        for state in local.deployments.values():
            require_size(state, local.name)


def _is_taken(ports: Ports, project: str, local: LocalEnvironment) -> bool:
    """Return True if something else is deployed there; equal state may come from an interrupted import."""
    return any(
        one.state is not None and not _is_same(one.state, local.deployments.get(one.name))
        for one in ports.deployments.in_environment(project, local.name)
    )


def _is_same(one: DeploymentState, other: DeploymentState | None) -> bool:
    """Return True if both are stored alike: times in milliseconds, and sensitive names are looked up again."""
    plain = partial(encode, DeploymentState)
    return other is not None and plain(unmarked(one)) == plain(unmarked(other))


def _import(ports: Ports, command: ImportEnvironments, local: LocalEnvironment) -> None:
    retry_on_conflict(ports, lambda: _write_environment(ports, command, local))
    known = [one.name for one in ports.deployments.in_environment(command.project, local.name) if one.state is not None]
    for name in dict.fromkeys((*local.deployments, *known)):
        retry_on_conflict(ports, partial(_write_deployment, ports, command, local, name))


def _write_environment(ports: Ports, command: ImportEnvironments, local: LocalEnvironment) -> None:
    before = ports.projects.find_environment(command.project, local.name)
    if before is None:
        fresh = Environment(project=command.project, name=local.name, created_at=command.origin.at)
        store_environment(
            ports, with_inputs(ports, fresh, local.inputs), _entry(command, "added-environment", local.name)
        )
        return
    if (local.inputs or command.overwrite) and shown(before.inputs, before.secrets) != dict(local.inputs):
        entry = _entry(command, "changed-environment", local.name)
        ports.projects.save_environment(with_inputs(ports, before, local.inputs), entry)


def _entry(command: ImportEnvironments, act: str, place: str) -> AuditEntry:
    return entry_of(command.origin, AuditAction(act=act, subject=f"{command.project}/{place}", project=command.project))


def _write_deployment(ports: Ports, command: ImportEnvironments, local: LocalEnvironment, name: str) -> None:
    before = deployment_or_new(ports, command.project, local.name, name)
    wanted = local.deployments.get(name)
    if before.state == wanted or (before.state is not None and _is_same(before.state, wanted)):
        return
    change = Change(id=command.origin.seed, at=command.origin.at, by=command.origin.by.name, state=wanted)
    act = "imported-state" if wanted is not None else "deleted-deployment"
    ports.deployments.commit(before, change, _entry(command, act, f"{local.name}/{name}"))
