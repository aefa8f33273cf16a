"""The deployment state tree for clients: read, write at a path, delete."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel import names
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal, PrincipalKind, may_write_state
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.projects.deployment import Change, DeploymentState, NodePath, at_path, placed
from chalicelib.kernel.projects.sensitive import Sensitive, marked, masked_defects, opened, opened_defects
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of, was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from chalicelib.use_cases.projects.sensitive import SensitiveNames, given_as_secrets, redacted_for
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


def get_deployment(ports: Ports, ask: DeploymentNamed) -> DeploymentState:
    """Return the deployment, now or as it was. Faults: NotFound."""
    found = ports.deployments.find_deployment(ask.project, ask.environment, ask.name)
    if found is not None and ask.at is None:
        state = found.state
    else:
        change = ports.deployments.as_of(found, ask.at) if found is not None and ask.at is not None else None
        state = change.state if change is not None else None
    if state is None:
        raise NotFound(f"no deployment {ask.name} in {ask.project}/{ask.environment}")
    (seen,) = redacted_for(ports, ask.by, (ask.project, ask.environment), (state,))
    return seen


def list_history(ports: Ports, ask: HistoryOf) -> Sequence[Change]:
    """List a page of a deployment's changes, also after it was deleted. Faults: NotFound."""
    found = ports.deployments.find_deployment(ask.project, ask.environment, ask.name)
    if found is None:
        raise NotFound(f"no deployment {ask.name} in {ask.project}/{ask.environment}")
    return ports.deployments.history(found, ask.page)


def update_state(ports: Ports, ask: UpdateState) -> DeploymentState:
    """Write the state and return the root; missing nodes on the path are created.

    Faults: Invalid, NotFound, Conflict, Stale.
    """
    _refuse_names(ask)
    _require_own(ask, ask.root)
    ask = replace(ask, state=opened(ask.state))
    return retry_on_conflict(ports, lambda: _write(ports, ask), since=ask.origin.at)


def _write(ports: Ports, ask: UpdateState) -> DeploymentState:
    before, entry = (
        deployment_or_new(ports, ask.project, ask.environment, ask.root),
        _entry(ask, "wrote-state", ask.root),
    )
    if before.version == 0:
        ports.projects.environment(ask.project, ask.environment)
    if ask.new and before.state is not None and not was_done(ports, entry):
        raise Conflict(f"deployment {ask.root} exists already in {ask.project}/{ask.environment}")
    root = placed(before.state, ask.path, _marked(ports, ask, before.state))
    return ports.deployments.commit(before, _change(ports, ask.origin, root), entry).state or root


def _marked(ports: Ports, ask: UpdateState, root: DeploymentState | None) -> DeploymentState:
    """The state with the names of what is sensitive in it. Faults: Invalid."""
    names = SensitiveNames(ports=ports, by=ask.origin.by, project=ask.project)
    before = at_path(root, ask.path) if ask.path.names else None
    state = marked(ask.state, before, Sensitive(names_of=names.of, given=given_as_secrets(ports, ask.origin.by)))
    if defects := tuple(masked_defects(state, "state")):
        raise Invalid(defects)
    return state


def delete_deployment(ports: Ports, ask: DeleteDeployment) -> None:
    """Delete the deployment's state. Faults: NotFound, Stale."""
    _require_own(ask, ask.name)
    found = ports.deployments.find_deployment(ask.project, ask.environment, ask.name)
    if found is None or found.state is None:
        raise NotFound(f"no deployment {ask.name} in {ask.project}/{ask.environment}")
    ports.deployments.commit(found, _change(ports, ask.origin, None), _entry(ask, "deleted-deployment", ask.name))


def _require_own(ask: UpdateState | DeleteDeployment, root: str) -> None:
    """Refuse a job that does not work on this deployment. Faults: Forbidden."""
    by = ask.origin.by
    if not may_write_state(by, ask.project, ask.environment, root):
        raise Forbidden(f"{by.name} does not work on {root} in {ask.project}/{ask.environment}")


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


def _entry(ask: UpdateState | DeleteDeployment, act: str, name: str) -> AuditEntry:
    subject = f"{ask.project}/{ask.environment}/{name}"
    return entry_of(ask.origin, AuditAction(act=act, subject=subject, project=ask.project))


def _refuse_names(ask: UpdateState) -> None:
    first = ask.path.names[0] if ask.path.names else ""
    mismatch = () if first == ask.root else (Defect("path", f"should begin with {ask.root}, the root deployment"),)
    below = [defect for name in ask.path.names[1:] if name for defect in names.deployment(name, "path")]
    secrets = opened_defects(ask.state, "state")
    if defects := (*names.deployment(ask.root, "deployment"), *mismatch, *below, *secrets):
        raise Invalid(defects)
