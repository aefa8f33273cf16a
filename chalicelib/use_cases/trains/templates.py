"""Templates of trains: update and list. What is made from one: trains.py, snapshots.py."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.trains.template import Template, template_defects
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.frozen import frozen


@frozen
class UpdateTemplate:
    """Create a template, or replace what is in it."""

    origin: Origin
    template: Template


def update_template(ports: Ports, command: UpdateTemplate) -> Template:
    """Update a template and return it; trains that were made from it stay. Faults: Invalid with every defect, Stale."""
    if found := template_defects(command.template):
        raise Invalid(found)
    return retry_on_conflict(ports, lambda: _update(ports, command), since=command.origin.at)


def list_templates(ports: Ports, _by: Principal) -> Sequence[Template]:
    """List all templates by name."""
    return ports.templates.templates()


def _update(ports: Ports, command: UpdateTemplate) -> Template:
    before = ports.templates.find_template(command.template.name)
    version = before.version if before is not None else 0
    action = AuditAction(act="changed-train-template", subject=command.template.name)
    return ports.templates.save(replace(command.template, version=version), entry_of(command.origin, action))
