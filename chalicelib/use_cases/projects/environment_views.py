"""Environments as people may see them, now or as they were at an instant."""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.projects.deployment import DeploymentState
from chalicelib.kernel.projects.project import Environment
from chalicelib.kernel.projects.sensitive import looked_up, masked, names_in, without_sensitive
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.sensitive import SensitiveNames, sees_sensitive
from slipway_formats.frozen import frozen


@frozen
class EnvironmentView:
    """An environment and what is deployed in it, by name."""

    environment: Environment
    deployments: tuple[DeploymentState, ...]


def environment_view(
    ports: Ports, by: Principal, environment: Environment, at: datetime | None = None
) -> EnvironmentView:
    """Return the environment with its deployments, now or as they were, redacted for the principal."""
    found = ports.deployments.in_environment(environment.project, environment.name)
    if at is None:
        every = [deployment.state for deployment in found]
    else:
        changes = (ports.deployments.as_of(deployment, at) for deployment in found)
        every = [change.state if change is not None else None for change in changes]
    states = tuple(state for state in every if state is not None)
    if sees_sensitive(ports, by, environment.project, environment.name):
        return EnvironmentView(environment=environment, deployments=states)
    return _without_sensitive(ports, environment, states)


def _without_sensitive(ports: Ports, environment: Environment, states: tuple[DeploymentState, ...]) -> EnvironmentView:
    """Redact the deployments and the environment's inputs, which are given to all that is deployed in it."""
    names = SensitiveNames(ports=ports)
    known = tuple(looked_up(state, names.of) for state in states)
    sensitive = frozenset[str]().union(*map(names_in, known))
    hidden = replace(environment, inputs=masked(environment.inputs, sensitive))
    return EnvironmentView(environment=hidden, deployments=tuple(map(without_sensitive, known)))
