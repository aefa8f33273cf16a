"""The deployment state tree for clients: read, write at a path, delete."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel import names
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal, PrincipalKind, may_write_state
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.projects.deployment import Change, DeploymentState, NodePath, at_path, placed
from chalicelib.kernel.projects.sensitive import Sensitive, marked, masked_defects, opened, opened_defects
from chalicelib.kernel.projects.state_tree import lost_stage_defects, unreachable_defects, with_kept_stages
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from chalicelib.use_cases.projects.sensitive import SensitiveNames, given_as_secrets, redacted_for
from chalicelib.use_cases.projects.state_size import begins_change, require_size
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


@frozen
class DeploymentNamed:
    """A root deployment. at: as it was then; None for now."""

    by: Principal
    project: str
    environment: str
    name: str
    at: datetime | None = None


@frozen
class HistoryOf:
    """Query: the changes of a root deployment, newest first. page: after as `place_of_change` writes it."""

    project: str
    environment: str
    name: str
    page: Page


@frozen
class UpdateState:
    """Write state at a path of a root deployment's tree. new: only if the root does not exist."""

    origin: Origin
    project: str
    environment: str
    root: str
    path: NodePath
    state: DeploymentState
    new: bool = False


@frozen
class DeleteDeployment:
    """Delete the state of a root deployment; its history stays."""

    origin: Origin
    project: str
    environment: str
    name: str


def get_deployment(ports: Ports, query: DeploymentNamed) -> DeploymentState:
    """Return the deployment, now or as it was. Faults: NotFound."""
    found = ports.deployments.find_deployment(query.project, query.environment, query.name)
    if found is not None and query.at is None:
        state = found.state
    else:
        change = ports.deployments.as_of(found, query.at) if found is not None and query.at is not None else None
        state = change.state if change is not None else None
    if state is None:
        raise NotFound(f"no deployment {query.name} in {query.project}/{query.environment}")
    (seen,) = redacted_for(ports, query.by, (query.project, query.environment), (state,))
    return seen


def list_history(ports: Ports, query: HistoryOf) -> Sequence[Change]:
    """List a page of a deployment's changes, also after it was deleted. Faults: NotFound."""
    found = ports.deployments.find_deployment(query.project, query.environment, query.name)
    if found is None:
        raise NotFound(f"no deployment {query.name} in {query.project}/{query.environment}")
    return ports.deployments.history(found, query.page)


def update_state(ports: Ports, command: UpdateState) -> DeploymentState:
    """Write the state and return the root; missing nodes on the path are created.

    Faults: Invalid, NotFound, Conflict, Stale, TooLarge.
    """
    _refuse_names(command)
    _require_own(command, command.root)
    command = replace(command, state=opened(command.state))
    return retry_on_conflict(ports, lambda: _write(ports, command), since=command.origin.at)


def _write(ports: Ports, command: UpdateState) -> DeploymentState:
    before, entry = (
        deployment_or_new(ports, command.project, command.environment, command.root),
        _entry(command, "wrote-state", command.root),
    )
    if before.version == 0:
        ports.projects.environment(command.project, command.environment)
    if command.new and before.state is not None and not was_done(ports, entry):
        raise Conflict(f"deployment {command.root} exists already in {command.project}/{command.environment}")
    stored = at_path(before.state, command.path)
    root = placed(before.state, command.path, with_kept_stages(_marked(ports, command, before.state), stored))
    if defects := tuple(_defects_of_tree(command, stored)):
        raise Invalid(defects)
    require_size(root, f"{command.project}/{command.environment}", begins=begins_change(command.state))
    return ports.deployments.commit(before, _change(ports, command.origin, root), entry).state or root


def _defects_of_tree(command: UpdateState, stored: DeploymentState | None) -> Iterator[Defect]:
    yield from unreachable_defects(command.state, "state", depth=len(command.path.names))
    yield from lost_stage_defects(command.state, stored, "state")


def _marked(ports: Ports, command: UpdateState, root: DeploymentState | None) -> DeploymentState:
    """Return the state with the names of its sensitive values. Faults: Invalid."""
    names = SensitiveNames(ports=ports, by=command.origin.by, project=command.project)
    before = at_path(root, command.path) if command.path.names else None
    state = marked(
        command.state, before, Sensitive(names_of=names.of, given=given_as_secrets(ports, command.origin.by))
    )
    if defects := tuple(masked_defects(state, "state")):
        raise Invalid(defects)
    return state


def delete_deployment(ports: Ports, command: DeleteDeployment) -> None:
    """Delete the deployment's state. Faults: NotFound, Stale."""
    _require_own(command, command.name)
    found = ports.deployments.find_deployment(command.project, command.environment, command.name)
    if found is None or found.state is None:
        raise NotFound(f"no deployment {command.name} in {command.project}/{command.environment}")
    ports.deployments.commit(
        found, _change(ports, command.origin, None), _entry(command, "deleted-deployment", command.name)
    )


def _require_own(command: UpdateState | DeleteDeployment, root: str) -> None:
    """Refuse a job that does not work on this deployment. Faults: Forbidden."""
    by = command.origin.by
    if not may_write_state(by, command.project, command.environment, root):
        raise Forbidden(f"{by.name} does not work on {root} in {command.project}/{command.environment}")


def _change(ports: Ports, origin: Origin, state: DeploymentState | None) -> Change:
    by, run = _author(ports, origin.by)
    return Change(id=origin.seed, at=origin.at, by=by, run=run, state=state)


def _author(ports: Ports, by: Principal) -> tuple[str, str]:
    """Return author and run of a change; for a job's token, whoever started its run."""
    if by.kind is not PrincipalKind.JOB:
        return by.name, ""
    job = ports.jobs.find_job(by.name)
    if job is None:
        return by.name, ""
    return job.by or by.name, job.run


def _entry(command: UpdateState | DeleteDeployment, act: str, name: str) -> AuditEntry:
    subject = f"{command.project}/{command.environment}/{name}"
    return entry_of(command.origin, AuditAction(act=act, subject=subject, project=command.project))


def _refuse_names(command: UpdateState) -> None:
    first = command.path.names[0] if command.path.names else ""
    mismatch = (
        () if first == command.root else (Defect("path", f"should begin with {command.root}, the root deployment"),)
    )
    below = [defect for name in command.path.names[1:] if name for defect in names.deployment(name, "path")]
    secrets = opened_defects(command.state, "state")
    if defects := (*names.deployment(command.root, "deployment"), *mismatch, *below, *secrets):
        raise Invalid(defects)
