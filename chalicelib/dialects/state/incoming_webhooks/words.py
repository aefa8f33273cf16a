"""Read calls of webhooks with their proofs, and show what came of them. What payloads say: words_pushes.py."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.dialects.state.incoming_webhooks.words_fields import Held, as_map, map_at
from chalicelib.dialects.state.incoming_webhooks.words_pushes import pushes_of
from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import FORM, Request
from chalicelib.http.shape import parse_json
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.incoming_webhooks.hear_webhook import WEBHOOK, Begun, Skipped
from chalicelib.use_cases.incoming_webhooks.proofs import Proof, Scheme
from chalicelib.use_cases.incoming_webhooks.pushes import HearWebhook
from chalicelib.use_cases.incoming_webhooks.signing_secrets import WebhookNamed

EVENTS = ("x-forgejo-event", "x-gitea-event", "x-gogs-event", "x-github-event", "x-gitlab-event", "x-event-key")
DELIVERIES = (
    "x-forgejo-delivery",
    "x-gitea-delivery",
    "x-gogs-delivery",
    "x-github-delivery",
    "x-gitlab-event-uuid",
    "x-request-uuid",
)
"""Headers that say the id of a delivery."""


def read_build_webhook(request: Request) -> HearWebhook:
    """Read a call of a build's webhook. Faults: Invalid when a JSON body cannot be parsed."""
    return _webhook_call(request, request.parameters["environment"])


def read_pipeline_webhook(request: Request) -> HearWebhook:
    """Read a call of a pipeline's webhook. Faults: Invalid when a JSON body cannot be parsed."""
    return _webhook_call(request, "")


def show_heard(heard: Begun | Skipped) -> Reply:
    """Show the executions that began, the first by itself, or why none did."""
    if isinstance(heard, Skipped):
        return json_reply({"skipped": heard.why})
    return json_reply({"id": heard.runs[0], "ids": list(heard.runs)})


def read_of_build(request: Request) -> WebhookNamed:
    """Read which build's webhook is requested."""
    found = request.parameters
    return WebhookNamed(
        origin=request.origin, project=found["project"], environment=found["environment"], name=found["build"]
    )


def read_of_pipeline(request: Request) -> WebhookNamed:
    """Read which trigger of which pipeline is requested."""
    found = request.parameters
    return WebhookNamed(
        origin=request.origin, project=found["project"], name=found["pipeline"], trigger=found["trigger"]
    )


def show_secret(secret: str) -> Reply:
    """Show the secret; no cache may store the answer."""
    plain = json_reply({"webhook_secret": secret})
    return Reply(headers={**plain.headers, "Cache-Control": "no-store"}, body=plain.body)


def _webhook_call(request: Request, environment: str) -> HearWebhook:
    content = _content(request)
    payload: object = parse_json(content) if isinstance(content, bytes) else content
    event = next((request.header(name) for name in EVENTS if request.header(name)), "")
    pushes = pushes_of(payload, event)
    delivery = next((request.header(name) for name in DELIVERIES if request.header(name)), pushes.delivery)
    return HearWebhook(
        origin=Origin(by=request.principal or WEBHOOK, at=request.now, seed=request.seed),
        project=request.parameters["project"],
        environment=environment,
        code=request.parameters["code"],
        proofs=tuple(_proofs(request)),
        # GitHub signs a form as it is sent, Gitea and Gogs the JSON in it.
        contents=(request.content, content) if isinstance(content, bytes) else (request.content,),
        pushes=replace(pushes, delivery=delivery),
        inputs={} if pushes.is_of_host else map_at(as_map(payload), "inputs"),
    )


def _content(request: Request) -> bytes | Held:
    """Return the JSON of a call: its body, or what a form holds, as hosts send it; or the fields of a plain form."""
    if not request.content.strip():
        return b"{}"
    if request.media != FORM:
        return request.content
    pairs = dict(request.form())
    return pairs["payload"].encode() if "payload" in pairs else pairs


def _proofs(request: Request) -> Iterable[Proof]:
    """Yield what is to prove the secret; an empty digest is none: Gitea and Forgejo send such without a secret."""
    for name in ("x-hub-signature-256", "x-hub-signature"):
        word, equals, digest = request.header(name).partition("=")
        schemes = {"sha256": Scheme.HMAC_SHA256, "sha1": Scheme.HMAC_SHA1}
        if digest.strip() or (word.strip() and not equals):
            yield Proof(scheme=schemes.get(word.strip().lower(), Scheme.UNKNOWN), text=digest.strip())
    for name in ("x-gitea-signature", "x-gogs-signature", "x-forgejo-signature"):
        if text := request.header(name).strip():
            yield Proof(scheme=Scheme.HMAC_SHA256, text=text)
    if text := request.header("x-gitlab-token"):
        yield Proof(scheme=Scheme.PLAIN, text=text)
