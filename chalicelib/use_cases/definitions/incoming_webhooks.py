"""What a push to a repository begins: the build, or the pipeline, whose unguessable code the address holds.

A wrong code, place or signature is answered as if nothing were there, and audited.
"""

import hmac
from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum
from hashlib import sha1, sha256
from typing import assert_never

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.definitions.compile_build import Source, concerned
from chalicelib.kernel.definitions.definition import BuildDefinition, Definition, ref_of, title
from chalicelib.kernel.definitions.handles import webhook_handle
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.audit.entries import AuditAction, Origin, write_audit
from chalicelib.use_cases.definitions.builds import begin_build
from chalicelib.use_cases.launch.plan import plan_pipeline, source_of
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import start_run

WEBHOOK = Principal(name="webhook", kind=PrincipalKind.SERVICE_ACCOUNT)
"""Who is said to have started what a push began."""


class Scheme(StrEnum):
    """How a caller proves that it knows the webhook's token. Plain: it shows it."""

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
class Push:
    """What was pushed, as far as the payload says. changed_files: nothing where it does not say.

    no_push: why it is none, where it is another event.
    """

    branch: str = ""
    commit: str = ""
    author: str = ""
    message: str = ""
    changed_files: tuple[str, ...] | None = None
    no_push: str = ""


@frozen
class HearWebhook:
    """Somebody called the address of a webhook. environment: nothing for a pipeline's. body: as it was signed."""

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
    """A run begins by it."""

    run: str


@frozen
class Skipped:
    """Nothing begins by it."""

    why: str


def hear_build_webhook(ports: Ports, ask: HearWebhook) -> Begun | Skipped:
    """The build's run, unless branch or files say that there is nothing to build. Faults: NotFound, Conflict."""
    build = _found(ports, ask)
    if not isinstance(build, BuildDefinition):
        raise _unknown(ports, ask, "a pipeline's code")
    if ask.push.no_push:
        return Skipped(why=ask.push.no_push)
    known = source_of(ports, build)
    branch = ask.push.branch or known.branch
    if known.branch and branch != known.branch:
        return Skipped(why=f"branch {branch} is not {known.branch}, which the build is of")
    source = _source(known, branch, ask.push)
    left = concerned(build, source)
    if left is None:
        return Skipped(why="no changed file concerns a step of the build")
    begun = begin_build(ports, left, source, _beginning(ports, ask, build))
    return Begun(run=begun.id)


def hear_pipeline_webhook(ports: Ports, ask: HearWebhook) -> Begun | Skipped:
    """The pipeline's run. Faults: NotFound, Conflict, Invalid."""
    pipeline = _found(ports, ask)
    if not isinstance(pipeline, PipelineDefinition):
        raise _unknown(ports, ask, "a build's code")
    if ask.push.no_push:
        return Skipped(why=ask.push.no_push)
    beginning = replace(_beginning(ports, ask, pipeline), inputs={**ask.inputs, **_inputs(ask.push)})
    return Begun(run=start_run(ports, plan_pipeline(ports, pipeline, beginning)).id)


def _found(ports: Ports, ask: HearWebhook) -> Definition:
    """The definition of the code, where the address says that it is, asked by who knows its token."""
    refs = ports.definitions.found_by(webhook_handle(ask.code)) if ask.code else ()
    for ref in refs:
        if (ref.project, ref.environment) == (ask.project, ask.environment):
            if not all(_is_right(proof, ask.code, ask.body) for proof in ask.proofs):
                raise _unknown(ports, ask, "a wrong signature")
            return ports.definitions.definition(ref)
    raise _unknown(ports, ask, "a wrong code")


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


def _unknown(ports: Ports, ask: HearWebhook, why: str) -> NotFound:
    """The fault, once it was audited. Of the code, only what names nobody's secret is kept."""
    place = f"{ask.project}/{ask.environment}" if ask.environment else ask.project
    details = {"code": sha256(ask.code.encode()).hexdigest()[:12]}
    write_audit(ports, ask.origin, AuditAction(act="refused-webhook", subject=place, notes=why, details=details))
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
    said = {"branch": push.branch, "commit": push.commit}
    return {name: text for name, text in said.items() if text}


def _beginning(ports: Ports, ask: HearWebhook, definition: Definition) -> Beginning:
    by = f"webhook of {title(ref_of(definition))}"
    return Beginning(id=run_id_for(ports, ask.origin), by=by, trigger="webhook")
