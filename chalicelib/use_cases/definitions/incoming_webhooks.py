"""Incoming webhooks: a push to a repository starts the build, or the pipeline, whose secret code is in the URL.

A wrong code, path or signature is answered as if nothing existed, and audited.
"""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from enum import StrEnum
from hashlib import sha1, sha256
from typing import assert_never

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.definitions.compile_build import Source, concerned
from chalicelib.kernel.definitions.confirmation import writers_of
from chalicelib.kernel.definitions.definition import BuildDefinition, Definition, ref_of, title
from chalicelib.kernel.definitions.handles import secret_of_code, webhook_handle
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, WebhookSecret
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.access.users import MAIL as USER_MAIL
from chalicelib.use_cases.access.users import NAME as USER_NAME
from chalicelib.use_cases.audit.entries import AuditAction, Origin, write_audit
from chalicelib.use_cases.definitions.builds import begin_build
from chalicelib.use_cases.launch.plan import plan_pipeline, source_of
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import start_run
from slipway_formats.frozen import frozen

WEBHOOK = Principal(name="webhook", kind=PrincipalKind.SERVICE_ACCOUNT)
"""The principal that is recorded as having started the run."""


class Scheme(StrEnum):
    """How a caller proves that it knows the webhook's token. PLAIN: it sends the token itself."""

    HMAC_SHA256 = "hmac-sha256"
    HMAC_SHA1 = "hmac-sha1"
    PLAIN = "plain"
    UNKNOWN = "unknown"


@frozen
class Proof:
    """A signature of a body. text: hexadecimal, or the token itself."""

    scheme: Scheme
    text: str


@frozen
class Sender:
    """Who pushed, as the git host identifies them. mails: those of their account, not those in commits."""

    names: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


NOBODY = Sender()


@frozen
class Push:
    """What was pushed, as far as the payload says. changed_files: None if unknown.

    no_push: if it is another event, why nothing is built. sender: trustworthy only if the payload is signed.
    """

    branch: str = ""
    commit: str = ""
    author: str = ""
    message: str = ""
    changed_files: tuple[str, ...] | None = None
    no_push: str = ""
    sender: Sender = NOBODY


@frozen
class HearWebhook:
    """A webhook call. environment: empty for a pipeline's. body: the signed bytes."""

    origin: Origin
    project: str
    environment: str
    code: str
    proofs: tuple[Proof, ...]
    body: bytes
    push: Push
    inputs: Mapping[str, object] = field(default_factory=dict)


@frozen
class Begun:
    """A run was started."""

    run: str


@frozen
class Skipped:
    """No run was started."""

    why: str


def hear_build_webhook(ports: Ports, command: HearWebhook) -> Begun | Skipped:
    """Start the build, unless branch or changed files say that there is nothing to build.

    Faults: NotFound, Conflict.
    """
    build, secret = _authenticated(ports, command)
    if not isinstance(build, BuildDefinition):
        raise _refusal(ports, command, "a pipeline's code")
    if command.push.no_push:
        return Skipped(why=command.push.no_push)
    known = source_of(ports, build)
    branch = command.push.branch or known.branch
    if known.branch and branch != known.branch:
        return Skipped(why=f"branch {branch} is not {known.branch}, which the build is of")
    source = _source(known, branch, command.push)
    build_to_run = concerned(build, source)
    if build_to_run is None:
        return Skipped(why="no changed file concerns a step of the build")
    begun = begin_build(ports, build_to_run, source, _beginning(ports, command, build, secret))
    return Begun(run=begun.id)


def hear_pipeline_webhook(ports: Ports, command: HearWebhook) -> Begun | Skipped:
    """Start the pipeline. Faults: NotFound, Conflict, Invalid."""
    pipeline, secret = _authenticated(ports, command)
    if not isinstance(pipeline, PipelineDefinition):
        raise _refusal(ports, command, "a build's code")
    if command.push.no_push:
        return Skipped(why=command.push.no_push)
    beginning = replace(
        _beginning(ports, command, pipeline, secret), inputs={**command.inputs, **_inputs(command.push)}
    )
    return Begun(run=start_run(ports, plan_pipeline(ports, pipeline, beginning)).id)


def _authenticated(ports: Ports, command: HearWebhook) -> tuple[Definition, WebhookSecret | None]:
    """Return the definition of the code at this path, and the secret that signed the call.

    The secret is None if the code alone was presented, or signed with: everybody knows it who may read the URL.
    """
    refs = ports.definitions.found_by(webhook_handle(command.code)) if command.code else ()
    for ref in refs:
        if (ref.project, ref.environment) == (command.project, command.environment):
            definition = ports.definitions.definition(ref)
            if _is_proven(command, command.code):
                return definition, None
            return definition, _signing(ports, command, definition)
    raise _refusal(ports, command, "a wrong code")


def _signing(ports: Ports, command: HearWebhook, definition: Definition) -> WebhookSecret:
    secret = secret_of_code(definition, command.code)
    if secret is None or not _is_proven(command, ports.secrets.get(secret.kept)):
        raise _refusal(ports, command, "a wrong signature")
    return secret


def _is_proven(command: HearWebhook, token: str) -> bool:
    return all(_is_right(proof, token, command.body) for proof in command.proofs)


def _is_right(proof: Proof, token: str, body: bytes) -> bool:
    expected = _expected(proof.scheme, token, body)
    given = proof.text if proof.scheme is Scheme.PLAIN else proof.text.lower()
    return expected is not None and hmac.compare_digest(expected.encode(), given.encode())


def _expected(scheme: Scheme, token: str, body: bytes) -> str | None:
    match scheme:
        case Scheme.PLAIN:
            return token
        case Scheme.HMAC_SHA256:
            return hmac.new(token.encode(), body, sha256).hexdigest()
        case Scheme.HMAC_SHA1:
            return hmac.new(token.encode(), body, sha1).hexdigest()
        case Scheme.UNKNOWN:
            return None
        case _:
            assert_never(scheme)


def _refusal(ports: Ports, command: HearWebhook, why: str) -> NotFound:
    """Audit the refusal and return the fault. Of the code only a hash is stored."""
    place = f"{command.project}/{command.environment}" if command.environment else command.project
    details = {"code": sha256(command.code.encode()).hexdigest()[:12]}
    write_audit(ports, command.origin, AuditAction(act="refused-webhook", subject=place, notes=why, details=details))
    return NotFound("no such webhook")


def _source(known: Source, branch: str, push: Push) -> Source:
    return replace(
        known,
        branch=branch,
        commit=push.commit,
        changed_files=push.changed_files,
        author=push.author,
        message=push.message,
    )


def _inputs(push: Push) -> dict[str, object]:
    pushed = {"branch": push.branch, "commit": push.commit}
    return {name: text for name, text in pushed.items() if text}


def _beginning(ports: Ports, command: HearWebhook, definition: Definition, secret: WebhookSecret | None) -> Beginning:
    by = f"webhook of {title(ref_of(definition))}"
    began = (
        (writers_of(command.project),) if secret is None else (*secret.read_by, *_senders(ports, command.push.sender))
    )
    run_id, begun_by = run_id_for(ports, command.origin), tuple(dict.fromkeys(began))
    return Beginning(id=run_id, by=by, trigger="webhook", begun_by=begun_by)


def _senders(ports: Ports, sender: Sender) -> Iterator[str]:
    """Yield the users whom the git host identifies, by the same user name or by mail address."""
    found = [ports.access.find_user(name) for name in sender.names if USER_NAME.fullmatch(name)]
    found += [ports.access.find_user_by_mail(mail.lower()) for mail in sender.mails if USER_MAIL.fullmatch(mail)]
    return (owner_key(PrincipalKind.USER, user.name) for user in found if user is not None)
