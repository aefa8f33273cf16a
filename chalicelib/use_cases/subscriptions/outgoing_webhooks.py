"""Webhooks that are called for events: created, listed, removed, resumed. Of a project by its owners, of all by admins.

Which events they are sent: dispatch.py. How they are called: call.py.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.feed.cloud_event import unknown_kinds
from chalicelib.kernel.releases.hook import SECRET_MARK, is_callable_url, signing_key
from chalicelib.kernel.subscriptions.subscription import Subscription, Subscriptions
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import delete_secrets
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.secret_calls import is_masked
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen
from slipway_formats.secret_address import has_secret, shown

MOST_OF_PROJECT, MOST = 20, 500
"""Of one project, or of the installation itself; and together, as all are in one record."""

KEY_BYTES = range(24, 65)
"""Bytes of a signing key. Source: Standard Webhooks."""

LONGEST_URL = 2000


@frozen
class CreateWebhook:
    """Call an address for events. project: empty for those of all projects. secret: empty to have one made."""

    origin: Origin
    url: str
    project: str = ""
    kinds: tuple[str, ...] = ()
    secret: str = ""

    def __repr__(self) -> str:
        return f"CreateWebhook(project={self.project!r})"


@frozen
class WebhookCommand:
    """Do something about a webhook of a project, or of the installation."""

    origin: Origin
    id: str
    project: str = ""


@frozen
class NewWebhook:
    """A webhook that was just created, with its signing secret, which is never shown again."""

    webhook: Subscription
    secret: str

    def __repr__(self) -> str:
        return f"NewWebhook(webhook={self.webhook.id!r})"


def create_webhook(ports: Ports, command: CreateWebhook) -> NewWebhook:
    """Create a webhook. Faults: Invalid; NotFound, if there is no such project; Conflict if there are too many."""
    if defects := tuple(_defects(command)):
        raise Invalid(defects)
    if command.project:
        ports.projects.project(command.project)
    secret = command.secret or _made_secret(ports)
    webhook = _webhook(ports, command, secret)
    entry = entry_of(command.origin, _action("added-webhook", webhook))

    def added() -> Subscription:
        known = ports.subscriptions.current()
        same = known.find(webhook.id)
        if same is not None:
            return same
        _refuse_more(known, webhook.project)
        ports.subscriptions.save(replace(_awake(ports, known), all=(*known.all, webhook)), entry)
        return webhook

    return NewWebhook(webhook=retry_on_conflict(ports, added, since=command.origin.at), secret=secret)


def list_webhooks(ports: Ports, project: str) -> Sequence[Subscription]:
    """List the webhooks of a project, or of the installation, in the order in which they were made."""
    return [one for one in ports.subscriptions.current().all if one.project == project]


def remove_webhook(ports: Ports, command: WebhookCommand) -> None:
    """Remove a webhook and its secrets; what is on its way to it is not sent. Faults: NotFound."""

    def removed() -> None:
        known = ports.subscriptions.current()
        webhook = known.find(command.id)
        action = AuditAction(act="removed-webhook", subject=f"webhook {command.id}", project=command.project)
        entry = entry_of(command.origin, action)
        if webhook is None or webhook.project != command.project:
            if was_done(ports, entry):
                return
            raise NotFound(f"no webhook {command.id}")
        delete_secrets(ports, (webhook.secret, webhook.whole_url))
        ports.subscriptions.save(replace(known, all=tuple(one for one in known.all if one is not webhook)), entry)

    retry_on_conflict(ports, removed, since=command.origin.at)


def resume_webhook(ports: Ports, command: WebhookCommand) -> Subscription:
    """Let a paused webhook be called again, for what occurs from now on. Faults: NotFound."""

    def resumed() -> Subscription:
        known, webhook = find_webhook(ports, command.id, command.project)
        if not webhook.paused:
            return webhook
        awake = replace(webhook, paused="", failing_since=None, at=command.origin.at)
        entry = entry_of(command.origin, _action("resumed-webhook", webhook))
        ports.subscriptions.save(_awake(ports, known).having(awake), entry)
        return awake

    return retry_on_conflict(ports, resumed, since=command.origin.at)


def find_webhook(ports: Ports, webhook_id: str, project: str) -> tuple[Subscriptions, Subscription]:
    """Return all webhooks, and the one of a project. Faults: NotFound."""
    known = ports.subscriptions.current()
    webhook = known.find(webhook_id)
    if webhook is None or webhook.project != project:
        raise NotFound(f"no webhook {webhook_id}")
    return known, webhook


def _awake(ports: Ports, known: Subscriptions) -> Subscriptions:
    """Return the list so that events are sent from now on, if nobody was called until now."""
    return known if known.is_active else replace(known, dispatched=ports.feed.end())


def _refuse_more(known: Subscriptions, project: str) -> None:
    if sum(one.project == project for one in known.all) >= MOST_OF_PROJECT:
        raise Conflict(f"there are {MOST_OF_PROJECT} webhooks already, remove one")
    if len(known.all) >= MOST:
        raise Conflict(f"there are {MOST} webhooks in the installation already")


def _defects(command: CreateWebhook) -> Iterator[Defect]:
    if not is_callable_url(command.url) or len(command.url) > LONGEST_URL or is_masked(command.url):
        yield Defect("url", "should be an http or https URL, without a user")
    if unknown := unknown_kinds(frozenset(command.kinds)):
        yield Defect("kinds", f"there is no {', '.join(unknown)}")
    is_key = command.secret.startswith(SECRET_MARK) and len(signing_key(command.secret)) in KEY_BYTES
    if command.secret and not is_key:
        yield Defect("secret", f"should be {SECRET_MARK} and 24 to 64 bytes in base64")


def _made_secret(ports: Ports) -> str:
    return SECRET_MARK + base64.b64encode(sha256(ports.ids.secret().encode()).digest()).decode()


def _webhook(ports: Ports, command: CreateWebhook, secret: str) -> Subscription:
    origin = command.origin
    webhook_id = f"w{sha256(origin.seed.encode()).hexdigest()[:11]}"
    place = f"projects/{command.project}/subscriptions/{webhook_id}"
    is_secret = has_secret(command.url, is_called=True)
    return Subscription(
        id=webhook_id,
        project=command.project,
        url=shown(command.url, is_called=True),
        whole_url=ports.secrets.put(f"{place}/url", command.url) if is_secret else "",
        secret=ports.secrets.put(f"{place}/secret", secret),
        kinds=command.kinds,
        by=origin.by.name,
        at=origin.at,
    )


def _action(act: str, webhook: Subscription) -> AuditAction:
    return AuditAction(act=act, subject=f"webhook {webhook.id}", project=webhook.project, notes=webhook.url)
