"""A webhook's signing secret, separate from its URL: created, rotated, and shown to owners. Each is audited.

Whoever has read it can sign a delivery, so the definition remembers its readers: they count as starting what such a
delivery starts.
"""

from dataclasses import replace

from chalicelib.kernel.definitions.definition import BuildDefinition
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, WebhookSecret
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of, write_audit
from chalicelib.use_cases.launch.find import build_named, pipeline_named
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.frozen import frozen

Hooked = BuildDefinition | PipelineDefinition


@frozen
class WebhookNamed:
    """The webhook of a build, or, without environment, of a pipeline's trigger. trigger: its id."""

    origin: Origin
    project: str
    environment: str = ""
    name: str
    trigger: str = ""


def read_webhook_secret(ports: Ports, query: WebhookNamed) -> str:
    """Return the secret and record the caller as a reader. Faults: NotFound, also if there is none yet."""
    return retry_on_conflict(ports, lambda: _read(ports, query), since=query.origin.at)


def rotate_webhook_secret(ports: Ports, command: WebhookNamed) -> str:
    """Create a new secret, which only the caller has read, in place of the old one. Faults: NotFound, Stale."""
    return retry_on_conflict(ports, lambda: _rotate(ports, command), since=command.origin.at)


def _read(ports: Ports, command: WebhookNamed) -> str:
    definition = _definition(ports, command)
    known = _secret(definition, command)
    if known is None:
        raise NotFound(f"{command.name} has no webhook secret yet: make one by POST")
    readers = begun_by(ports, command.origin.by)
    if set(readers) <= set(known.read_by):
        write_audit(ports, command.origin, _action(command, "read-webhook-secret"))
    else:
        read = replace(known, read_by=tuple(dict.fromkeys((*known.read_by, *readers))))
        ports.definitions.save(
            _with(definition, command, read), entry_of(command.origin, _action(command, "read-webhook-secret"))
        )
    return ports.secrets.get(known.kept)


def _rotate(ports: Ports, command: WebhookNamed) -> str:
    definition, text = _definition(ports, command), ports.ids.secret()
    _secret(definition, command)
    name = f"projects/{command.project}/webhooks/{definition.id}/{command.trigger or 'build'}"
    fresh = WebhookSecret(kept=ports.secrets.put(name, text), read_by=begun_by(ports, command.origin.by))
    ports.definitions.save(
        _with(definition, command, fresh), entry_of(command.origin, _action(command, "rotated-webhook-secret"))
    )
    return text


def _definition(ports: Ports, command: WebhookNamed) -> Hooked:
    if command.environment:
        return build_named(ports, command.project, command.environment, command.name)
    return pipeline_named(ports, command.project, command.name)


def _secret(definition: Hooked, command: WebhookNamed) -> WebhookSecret | None:
    if isinstance(definition, BuildDefinition):
        return definition.webhook_secret
    for trigger in definition.triggers:
        if trigger.id == command.trigger:
            return trigger.secret
    raise NotFound(f"no trigger {command.trigger} of pipeline {command.name}")


def _with(definition: Hooked, command: WebhookNamed, secret: WebhookSecret) -> Hooked:
    if isinstance(definition, BuildDefinition):
        return replace(definition, webhook_secret=secret)
    changed = (replace(one, secret=secret) if one.id == command.trigger else one for one in definition.triggers)
    return replace(definition, triggers=tuple(changed))


def _action(command: WebhookNamed, act: str) -> AuditAction:
    subject = "/".join(filter(None, (command.project, command.environment, command.name, command.trigger)))
    return AuditAction(act=act, subject=subject, project=command.project)
