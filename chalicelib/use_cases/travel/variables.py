"""The variables that somebody gives a deployment: checked, completed by the train's template, and stored for it."""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.scopes import of_deployment
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.trains.given_variables import Given, checked, template_of
from chalicelib.use_cases.trains.stored_variables import stored
from slipway_formats.frozen import frozen


@frozen
class DeploymentVariables:
    """What is given to a deployment. run, stage: where it is; the key of the stage in that run."""

    origin: Origin
    project: str
    run: str
    stage: str
    given: Given


def complete_variables(ports: Ports, train: Train, given: Given, stage: str) -> Given:
    """Complete what is given for a deployment to a stage by what the train's template asks for. Faults: Invalid."""
    template = template_of(ports, train)
    every = template.deployment_variables if template is not None else ()
    here = [one for one in every if not one.stages or folded(stage) in map(folded, one.stages)]
    complete = checked(given, here)
    if complete.defects:
        raise Invalid(complete.defects)
    return complete.given


def keep_variables(ports: Ports, of: DeploymentVariables) -> None:
    """Store the variables of a deployment. Faults: Stale."""
    if of.given:
        retry_on_conflict(ports, lambda: _keep(ports, of), since=of.origin.at)


def new_variables(ports: Ports, of: DeploymentVariables) -> VariableSet:
    """Return the variables of a deployment of a run that is to begin; the secrets among them are stored."""
    return _stored(ports, of, VariableSet(scope=of_deployment(of.run, of.stage)))


def entry_of_variables(of: DeploymentVariables) -> AuditEntry:
    """Return what the audit log says of the variables of a deployment."""
    return entry_of(of.origin, AuditAction(act="gave-variables", subject=f"{of.run}/{of.stage}", project=of.project))


def _keep(ports: Ports, of: DeploymentVariables) -> None:
    before = ports.variables.variables(of_deployment(of.run, of.stage))
    ports.variables.save(_stored(ports, of, before), entry_of_variables(of))


def _stored(ports: Ports, of: DeploymentVariables, before: VariableSet) -> VariableSet:
    return stored(ports, before, of.given, f"projects/{of.project}/runs/{of.run}/{of.stage}")
