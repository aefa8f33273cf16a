"""Environments: create, update and read, now or as they were at an instant."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime

from chalicelib.kernel import names
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from chalicelib.kernel.projects.deployment import providers_in
from chalicelib.kernel.projects.project import Environment
from chalicelib.kernel.secret_inputs import secret_input_defects
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.environment_views import EnvironmentView, environment_view
from chalicelib.use_cases.projects.sensitive import works_in
from chalicelib.use_cases.projects.store_environment import store_environment
from chalicelib.use_cases.record_secrets import updated_inputs
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


@frozen
class SaveEnvironment:
    """Create an environment or replace its settings."""

    origin: Origin
    project: str
    name: str
    description: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    unreadable: UnreadableFields = NOTHING_UNREADABLE


@frozen
class EnvironmentNamed:
    """An environment. at: as it was then; None for now."""

    by: Principal
    project: str
    name: str
    at: datetime | None = None


def create_environment(ports: Ports, command: SaveEnvironment) -> Environment:
    """Create an environment, last in the project's order. Faults: Invalid, NotFound, Conflict, Stale."""
    ports.projects.project(command.project)
    found = (*names.environment(command.name), *input_defects(command.inputs, {}))
    if defects := command.unreadable.with_others(found):
        raise Invalid(defects)
    environment = Environment(
        project=command.project, name=command.name, description=command.description, created_at=command.origin.at
    )
    entry = _entry(command, "added-environment")
    known = ports.projects.find_environment(command.project, command.name)
    if known is None or was_done(ports, entry):
        # Of an existing one, the secrets must not be touched by a request that is refused.
        environment = with_inputs(ports, environment, command.inputs)
    return store_environment(ports, environment, entry)


def input_defects(inputs: Mapping[str, object], references: Mapping[str, str]) -> tuple[Defect, ...]:
    """Return the defects of an environment's inputs. references: of its stored secrets."""
    return (*names.variables(inputs, "inputs"), *secret_input_defects(inputs, references, "inputs"))


def with_inputs(ports: Ports, environment: Environment, inputs: Mapping[str, object]) -> Environment:
    """Return the environment with these inputs; the secrets among them are stored."""
    place = f"projects/{environment.project}/environments/{environment.name}"
    plain, secrets = updated_inputs(ports, place, inputs, environment.secrets)
    return replace(environment, inputs=plain, secrets=secrets)


def update_environment(ports: Ports, command: SaveEnvironment) -> Environment:
    """Replace an environment's settings and return it; omitted fields get defaults.

    Faults: Invalid, NotFound, Stale.
    """
    return retry_on_conflict(ports, lambda: _save(ports, command), since=command.origin.at)


def _save(ports: Ports, command: SaveEnvironment) -> Environment:
    before = ports.projects.environment(command.project, command.name)
    if defects := command.unreadable.with_others(input_defects(command.inputs, before.secrets)):
        raise Invalid(defects)
    changed = with_inputs(ports, replace(before, description=command.description), command.inputs)
    return ports.projects.save_environment(changed, _entry(command, "changed-environment"))


def get_environment(ports: Ports, query: EnvironmentNamed) -> EnvironmentView:
    """Return the environment with its deployments, now or as they were. Faults: NotFound."""
    view = environment_view(ports, query.by, ports.projects.environment(query.project, query.name), query.at)
    if not works_in(ports, query.by, query.project, query.name):
        return view
    # A job gives the inputs to what it deploys below its own release.
    secrets = {name: ports.secrets.get(reference) for name, reference in view.environment.secrets.items()}
    whole = replace(view.environment, inputs={**view.environment.inputs, **secrets}, secrets={})
    return replace(view, environment=whole)


def list_providers(ports: Ports, query: EnvironmentNamed) -> Mapping[str, tuple[str, ...]]:
    """Map each interface to the deployments of the environment that provide it. Faults: NotFound."""
    return providers_in(get_environment(ports, query).deployments)


def _entry(command: SaveEnvironment, act: str) -> AuditEntry:
    return entry_of(
        command.origin, AuditAction(act=act, subject=f"{command.project}/{command.name}", project=command.project)
    )
