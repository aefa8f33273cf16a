"""Incoming webhooks: a push to a repository starts the build, or the pipeline, whose secret code is in the URL.

A wrong code, path or signature is answered as if nothing existed, and audited.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.definitions.compile_build import Source, concerned
from chalicelib.kernel.definitions.confirmation import writers_of
from chalicelib.kernel.definitions.definition import BuildDefinition, Definition, ref_of, title
from chalicelib.kernel.definitions.handles import secret_of_code, webhook_handle
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, WebhookSecret
from chalicelib.kernel.definitions.pushed import BRANCH, COMMIT, REPOSITORY
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.use_cases.access.users import MAIL as USER_MAIL
from chalicelib.use_cases.access.users import NAME as USER_NAME
from chalicelib.use_cases.audit.entries import AuditAction, Origin, write_audit
from chalicelib.use_cases.definitions.builds import begin_build
from chalicelib.use_cases.incoming_webhooks.branch_filter import why_not_build, why_not_pipeline
from chalicelib.use_cases.incoming_webhooks.proofs import are_proven
from chalicelib.use_cases.incoming_webhooks.pushes import HearWebhook, Push, Sender
from chalicelib.use_cases.launch.in_turn import in_turn
from chalicelib.use_cases.launch.plan import plan_pipeline, source_of
from chalicelib.use_cases.launch.run_ids import KEPT, claimed_run_id, run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import start_run
from slipway_formats.frozen import frozen

WEBHOOK = Principal(name="webhook", kind=PrincipalKind.SERVICE_ACCOUNT)
"""The principal that is recorded as having started the run."""


DELIVERED = timedelta(days=7)
"""So long a delivery that began a run begins nothing more."""

Hearing = BuildDefinition | PipelineDefinition


@frozen
class Begun:
    """Runs were started: of each branch that was pushed and is built. At least one."""

    runs: tuple[str, ...]


@frozen
class Skipped:
    """No run was started."""

    why: str


Begin = Callable[[Push, str], Run | Skipped]
"""Starts a run of the push under an id, unless there is nothing to do."""


def hear_build_webhook(ports: Ports, command: HearWebhook) -> Begun | Skipped:
    """Start the build of each pushed branch, unless branch or changed files say that there is nothing to build.

    Faults: NotFound, Conflict, Invalid.
    """
    build, secret = _authenticated(ports, command)
    if not isinstance(build, BuildDefinition):
        raise _refusal(ports, command, "a pipeline's code")
    beginning = _beginning(ports, command, build, secret)

    def begin(push: Push, run: str) -> Run | Skipped:
        return _build(ports, command.origin, build, push, replace(beginning, id=run))

    return _each_branch(ports, command, build, begin)


def hear_pipeline_webhook(ports: Ports, command: HearWebhook) -> Begun | Skipped:
    """Start the pipeline for each pushed branch. Faults: NotFound, Conflict, Invalid."""
    pipeline, secret = _authenticated(ports, command)
    if not isinstance(pipeline, PipelineDefinition):
        raise _refusal(ports, command, "a build's code")
    beginning = _beginning(ports, command, pipeline, secret)

    def begin(push: Push, run: str) -> Run | Skipped:
        if why := why_not_pipeline(ports, pipeline, command.code, push):
            return Skipped(why=why)
        told = replace(beginning, id=run, inputs={**command.inputs, **_inputs(push)})

        def start() -> Run:
            return start_run(ports, plan_pipeline(ports, pipeline, told), origin=command.origin)

        return in_turn(ports, pipeline, start)

    return _each_branch(ports, command, pipeline, begin)


def _each_branch(ports: Ports, command: HearWebhook, definition: Hearing, begin: Begin) -> Begun | Skipped:
    """Begin a run for each pushed branch; without one, tell why of each."""
    outcomes = [_of_branch(ports, command, definition, push, begin) for push in command.pushes.branches]
    runs = tuple(one.id for one in outcomes if isinstance(one, Run))
    if runs:
        return Begun(runs=runs)
    reasons = [one.why for one in outcomes if isinstance(one, Skipped)]
    return Skipped(why="; ".join(dict.fromkeys(reasons)) or command.pushes.none)


def _of_branch(  # noqa: PLR0917 - one push of a call
    ports: Ports, command: HearWebhook, definition: Hearing, push: Push, begin: Begin
) -> Run | Skipped:
    run_id = _run_id(ports, command, definition, push)
    if command.pushes.delivery and (known := ports.runs.find_run(run_id)) is not None:
        return known
    if definition.disabled:
        return Skipped(why=f"{title(ref_of(definition))} is disabled")
    if push.asks_to_skip and definition.skip_ci:
        return Skipped(why="the newest commit asks for it in its message")
    try:
        return begin(push, run_id)
    except (Conflict, Invalid) as fault:
        if not command.pushes.is_of_host:
            raise
        # Hosts turn a webhook off that is refused again and again.
        return Skipped(why=fault.message)


def _run_id(ports: Ports, command: HearWebhook, definition: Hearing, push: Push) -> str:
    """Return the id of the run that the push begins: the same when the delivery comes again, also at once."""
    delivery, origin = command.pushes.delivery, command.origin
    if delivery:
        text = f"{definition.id}/{delivery}/{push.branch}/{push.commit}"
        return claimed_run_id(ports, f"delivery/{sha256(text.encode()).hexdigest()}", DELIVERED)
    if len(command.pushes.branches) > 1:
        return claimed_run_id(ports, f"{origin.seed}/{push.branch}", KEPT)
    return run_id_for(ports, origin)


def _build(  # noqa: PLR0917 - one push of a call
    ports: Ports, origin: Origin, build: BuildDefinition, push: Push, beginning: Beginning
) -> Run | Skipped:
    known = source_of(ports, build)
    if why := why_not_build(known, push):
        return Skipped(why=why)
    source = _source(known, push.branch or known.branch, push)
    build_to_run = concerned(build, source)
    if build_to_run is None:
        return Skipped(why="no changed file concerns a step of the build")
    return begin_build(ports, build_to_run, source, beginning, origin)


def _authenticated(ports: Ports, command: HearWebhook) -> tuple[Definition, WebhookSecret | None]:
    """Return the definition of the code at this path, and the secret that signed the call.

    The secret is None if the code alone was presented, or signed with: everybody knows it who may read the URL.
    """
    refs = ports.definitions.found_by(webhook_handle(command.code)) if command.code else ()
    for ref in refs:
        if (ref.project, ref.environment) == (command.project, command.environment):
            definition = ports.definitions.definition(ref)
            if are_proven(command.proofs, command.code, command.contents):
                return definition, None
            return definition, _signing(ports, command, definition)
    raise _refusal(ports, command, "a wrong code")


def _signing(ports: Ports, command: HearWebhook, definition: Definition) -> WebhookSecret:
    secret = secret_of_code(definition, command.code)
    if secret is None or not are_proven(command.proofs, ports.secrets.get(secret.kept), command.contents):
        raise _refusal(ports, command, "a wrong signature")
    return secret


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
    pushed = {BRANCH: push.branch, COMMIT: push.commit, REPOSITORY: push.repository}
    return {name: text for name, text in pushed.items() if text}


def _beginning(ports: Ports, command: HearWebhook, definition: Definition, secret: WebhookSecret | None) -> Beginning:
    by = f"webhook of {title(ref_of(definition))}"
    began = (
        (writers_of(command.project),) if secret is None else (*secret.read_by, *_senders(ports, command.pushes.sender))
    )
    return Beginning(id="", by=by, trigger="webhook", begun_by=tuple(dict.fromkeys(began)))


def _senders(ports: Ports, sender: Sender) -> Iterator[str]:
    """Yield the users whom the git host identifies, by the same user name or by mail address."""
    found = [ports.access.find_user(name) for name in sender.names if USER_NAME.fullmatch(name)]
    found += [ports.access.find_user_by_mail(mail.lower()) for mail in sender.mails if USER_MAIL.fullmatch(mail)]
    return (owner_key(PrincipalKind.USER, user.name) for user in found if user is not None)
