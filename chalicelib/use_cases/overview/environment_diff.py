"""What differs between two environments, or between one then and one now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.changes.change_set import ChangeSet, DeploymentChange
from chalicelib.kernel.changes.values import Given, values_that_differ
from chalicelib.kernel.projects.deployment import DeploymentState, deployed
from chalicelib.kernel.projects.sensitive import looked_up
from chalicelib.use_cases.changes.between import with_what_lies_between
from chalicelib.use_cases.changes.read_once import reading_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.environment_views import environment_view
from chalicelib.use_cases.projects.sensitive import SensitiveNames
from slipway_formats.frozen import frozen


@frozen
class Moment:
    """An environment at an instant; at: None for now."""

    environment: str
    at: datetime | None = None


@frozen
class CompareEnvironments:
    """Query: what differs between two environments of a project, or one at two instants."""

    by: Principal
    project: str
    old: Moment
    new: Moment


@frozen
class EnvironmentDiff:
    """What differs, as if the one should become the other; same: names of the deployments that do not."""

    differing: tuple[DeploymentChange, ...]
    same: tuple[str, ...] = ()


def compare_environments(ports: Ports, query: CompareEnvironments) -> EnvironmentDiff:
    """Return what differs, with the commits and files between. Faults: NotFound."""
    old, new = (_states(ports, query, moment) for moment in (query.old, query.new))
    compared = [_compared(query, old.get(name), new.get(name), name) for name in sorted({*old, *new})]
    differing = tuple(one for one in compared if _differs(one))
    whole = with_what_lies_between(reading_of(ports), query.by, ChangeSet(deployments=differing))
    return EnvironmentDiff(
        differing=whole.deployments, same=tuple(one.deployment for one in compared if not _differs(one))
    )


def _states(ports: Ports, query: CompareEnvironments, moment: Moment) -> Mapping[str, DeploymentState]:
    environment = ports.projects.environment(query.project, moment.environment)
    view, names = environment_view(ports, query.by, environment, moment.at), SensitiveNames(ports=ports)
    # Also who may see sensitive values is not shown them here.
    return {state.name: looked_up(state, names.of) for state in view.deployments if _version(state)}


def _compared(
    query: CompareEnvironments, old: DeploymentState | None, new: DeploymentState | None, name: str
) -> DeploymentChange:
    found = DeploymentChange(project=query.project, environment=query.new.environment, deployment=name)
    known = new or old
    return replace(
        found,
        application=known.release if known is not None else "",
        old=_version(old),
        new=_version(new),
        reason=_another_application(old, new),
        inputs=values_that_differ(_inputs(old), _inputs(new)),
        providers=values_that_differ(_providers(old), _providers(new)),
    )


def _differs(one: DeploymentChange) -> bool:
    return bool(one.old != one.new or one.reason or one.inputs or one.providers)


def _version(state: DeploymentState | None) -> str:
    stage = deployed(state)
    return stage.version if stage is not None else ""


def _another_application(old: DeploymentState | None, new: DeploymentState | None) -> str:
    if old is None or new is None or old.release == new.release:
        return ""
    return f"{old.release} in the one, {new.release} in the other"


def _inputs(state: DeploymentState | None) -> Given:
    stage = deployed(state)
    return Given(plain=stage.inputs, hidden=stage.sensitive or ()) if stage is not None else Given()


def _providers(state: DeploymentState | None) -> Given:
    stage = deployed(state)
    return Given(plain=stage.providers) if stage is not None else Given()
