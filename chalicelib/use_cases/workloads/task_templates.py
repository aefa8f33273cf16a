"""Templates of tasks and task pipelines: files that people begin with and edit. Admins upload them."""

import json
import re
from collections.abc import Mapping, Sequence

from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.use_cases.access.authorise import require_admin
from chalicelib.use_cases.audit.entries import AuditAction, Origin, write_audit
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.task_templates import TemplateKind
from slipway_formats.frozen import frozen

LARGEST = 256 * 1024
"""Bytes of a template."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,120}\.json")


@frozen
class SaveTaskTemplate:
    """Upload a template, or replace it. content: a JSON object."""

    origin: Origin
    kind: TemplateKind
    name: str
    content: object


@frozen
class TaskTemplateNamed:
    """Query: a template. path: of the field that names it, in a refusal."""

    kind: TemplateKind
    name: str
    path: str = "name"


@frozen
class TaskTemplateView:
    """A template with what is in it."""

    name: str
    content: Mapping[str, object]


def update_task_template(ports: Ports, command: SaveTaskTemplate) -> TaskTemplateView:
    """Upload a template, or replace it. Faults: Invalid, Forbidden."""
    require_admin(command.origin.by)
    _check_name(command.name, "name")
    content = command.content
    if not isinstance(content, Mapping):
        raise Invalid.single("", "a template is a JSON object")
    text = json.dumps(content, ensure_ascii=False, indent=2)
    if len(text.encode()) > LARGEST:
        raise Invalid.single("", f"is over {LARGEST} bytes")
    # What was done twice was done; what is in the log was tried, if not done.
    write_audit(ports, command.origin, AuditAction(act="saved-template", subject=f"{command.kind}/{command.name}"))
    ports.task_templates.save(command.kind, command.name, text)
    return TaskTemplateView(name=command.name, content=content)


def get_task_template(ports: Ports, query: TaskTemplateNamed) -> TaskTemplateView:
    """Return a template. Faults: Invalid for what is no file name, NotFound."""
    _check_name(query.name, query.path)
    text = ports.task_templates.find_template(query.kind, query.name)
    if text is None:
        raise NotFound(f"no {query.kind} template {query.name}")
    return TaskTemplateView(name=query.name, content=json.loads(text))


def list_task_templates(ports: Ports, kind: TemplateKind) -> Sequence[str]:
    """List the file names of a kind's templates."""
    return ports.task_templates.names(kind)


def _check_name(name: str, path: str) -> None:
    if NAME.fullmatch(name) is None or ".." in name:
        raise Invalid.single(path, "should be a file name of letters, digits, _, - and dots, ending in .json")
