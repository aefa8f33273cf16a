"""A webhook's signing secret, separate from its URL: created, rotated, and shown to owners. Each is audited.

Whoever has read it can sign a delivery, so the definition remembers its readers: they count as starting what such a
delivery starts.
"""

from dataclasses import replace

from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.definitions.definition import BuildDefinition
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, WebhookSecret
from chalicelib.kernel.faults import NotFound
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


def read_webhook_secret(ports: Ports, ask: WebhookNamed) -> str:
    """Return the secret and record the caller as a reader. Faults: NotFound, also if there is none yet."""
    return retry_on_conflict(ports, lambda: _read(ports, ask), since=ask.origin.at)


def rotate_webhook_secret(ports: Ports, ask: WebhookNamed) -> str:
    """Create a new secret, which only the caller has read, in place of the old one. Faults: NotFound, Stale."""
    return retry_on_conflict(ports, lambda: _rotate(ports, ask), since=ask.origin.at)


def _read(ports: Ports, ask: WebhookNamed) -> str:
    definition = _definition(ports, ask)
    known = _secret(definition, ask)
    if known is None:
        raise NotFound(f"{ask.name} has no webhook secret yet: make one by POST")
    if _caller(ask) in known.read_by:
        write_audit(ports, ask.origin, _action(ask, "read-webhook-secret"))
    else:
        read = replace(known, read_by=(*known.read_by, _caller(ask)))
        ports.definitions.save(_with(definition, ask, read), entry_of(ask.origin, _action(ask, "read-webhook-secret")))
    return ports.secrets.get(known.kept)


def _rotate(ports: Ports, ask: WebhookNamed) -> str:
    definition, text = _definition(ports, ask), ports.ids.secret()
    _secret(definition, ask)
    name = f"projects/{ask.project}/webhooks/{definition.id}/{ask.trigger or 'build'}"
    fresh = WebhookSecret(kept=ports.secrets.put(name, text), read_by=(_caller(ask),))
    ports.definitions.save(_with(definition, ask, fresh), entry_of(ask.origin, _action(ask, "rotated-webhook-secret")))
    return text


def _definition(ports: Ports, ask: WebhookNamed) -> Hooked:
    if ask.environment:
        return build_named(ports, ask.project, ask.environment, ask.name)
    return pipeline_named(ports, ask.project, ask.name)


def _secret(definition: Hooked, ask: WebhookNamed) -> WebhookSecret | None:
    if isinstance(definition, BuildDefinition):
        return definition.webhook_secret
    for trigger in definition.triggers:
        if trigger.id == ask.trigger:
            return trigger.secret
    raise NotFound(f"no trigger {ask.trigger} of pipeline {ask.name}")


def _with(definition: Hooked, ask: WebhookNamed, secret: WebhookSecret) -> Hooked:
    if isinstance(definition, BuildDefinition):
        return replace(definition, webhook_secret=secret)
    changed = (replace(one, secret=secret) if one.id == ask.trigger else one for one in definition.triggers)
    return replace(definition, triggers=tuple(changed))


def _caller(ask: WebhookNamed) -> str:
    return owner_key(ask.origin.by.kind, ask.origin.by.name)


def _action(ask: WebhookNamed, act: str) -> AuditAction:
    subject = "/".join(filter(None, (ask.project, ask.environment, ask.name, ask.trigger)))
    return AuditAction(act=act, subject=subject, project=ask.project)
