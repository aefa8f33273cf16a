"""References of a definition to other projects, checked against its run-as identity when it is saved and at each start.

What that principal may not read is answered like what does not exist, so that a reference reveals nothing.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.kernel import codec
from chalicelib.kernel.access.actor import Actor
from chalicelib.kernel.access.principal import Principal, PrincipalKind, may
from chalicelib.kernel.access.role import ALL, Level
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION
from chalicelib.kernel.definitions.definition import Definition, ref_of, title
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.definitions.references import Reference, ReferenceKind, references
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.releases.release import Namespace
from chalicelib.use_cases.access.acting import principal_of_actor
from chalicelib.use_cases.access.authorise import may_read, require
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

NOBODY = Principal(name="nobody")


@frozen
class ActsFor:
    """A definition and its run-as identity. project: its own, where nothing is checked. actor: None if it has none."""

    title: str
    project: str
    actor: Actor | None


def acts_for(definition: Definition, now: datetime) -> ActsFor:
    """Return the definition's run-as identity: its service account, else the user who saved it last."""
    account = _account(definition.project, definition.service_account_name, now)
    return ActsFor(title=title(ref_of(definition)), project=definition.project, actor=account or definition.acts_for)


def acts_for_in_run(plan: Plan, now: datetime) -> ActsFor:
    """Return the run-as identity of a plan's run, as its definition had it when the run started."""
    stored = plan.snapshot.get(DEFINITION)
    definition = stored if isinstance(stored, Mapping) else {}
    project, named = plan.definition.project, definition.get("service_account_name")
    account = _account(project, named if isinstance(named, str) else "", now)
    saved_by = definition.get("acts_for")
    actor = codec.decode(Actor, saved_by) if saved_by is not None else None
    return ActsFor(title=title(plan.definition), project=project, actor=account or actor)


def principal_acting(ports: Ports, acting: ActsFor) -> Principal:
    """Return the principal as which the definition runs. Faults: Conflict, with its name, if it no longer exists."""
    if acting.actor is None:
        raise Conflict(f"{acting.title} acts for nobody outside its project until it is saved again")
    try:
        return principal_of_actor(ports, acting.actor)
    except Conflict as why:
        raise Conflict(f"{acting.title} acts for {why}") from why


def foreign_defects(ports: Ports, definition: Definition, by: Principal) -> tuple[Defect, ...]:
    """Return a defect for each reference to another project that the definition may not use, once saved by `by`.

    A namespace that may not be read is accepted, like one that does not exist yet: the reference resolves to nothing.
    """
    foreign = [one for one in references(definition) if _may_be_foreign(definition, one)]
    if not foreign:
        return ()
    principal = _principal_once_saved(ports, definition, by)
    found = (_defect(ports, definition.project, principal, one) for one in foreign)
    return tuple(defect for defect in found if defect is not None)


def refuse_foreign_steps(ports: Ports, pipeline: PipelineDefinition, done: frozenset[str]) -> None:
    """Require the right to start what the steps refer to in other projects. done: places of steps that start nothing.

    Faults: Conflict.
    """
    for one in references(pipeline):
        is_own = one.kind is not ReferenceKind.PROJECT or one.name == pipeline.project
        if is_own or one.path.rpartition(".")[0] in done:
            continue
        principal = principal_acting(ports, acts_for(pipeline, ports.clock.now()))
        if message := _missing_level(principal, Level.WRITE, one.name):
            raise Conflict(f"{one.path}: {message}")


def require_foreign(ports: Ports, acting: ActsFor, level: Level, project: str, *, missing: str) -> None:
    """Require the level in a project other than the definition's own. missing: the message for a hidden project.

    Faults: Conflict if it has no run-as identity; NotFound; Forbidden.
    """
    if project != acting.project:
        require(principal_acting(ports, acting), level, project, missing=missing)


def refuse_unwritable(ports: Ports, acting: ActsFor, namespace: str, application: str) -> None:
    """Require the right to write the application. Faults: NotFound; Conflict without a run-as identity."""
    owner = ports.namespaces.project_of(namespace, application)
    if owner == acting.project:
        return
    principal = principal_acting(ports, acting)
    if owner is None or not may(principal, Level.WRITE, owner):
        raise NotFound(f"no namespace {namespace} in project {acting.project}")


def reads_namespace(ports: Ports, acting: ActsFor, namespace: str) -> bool:
    """Return True if the definition may read the namespace. Faults: Conflict without a run-as identity."""
    if is_open(ports, acting.project, namespace):
        return True
    # Required also if there is none, so that the answer is the same.
    principal = principal_acting(ports, acting)
    found = _namespace(ports, namespace)
    return found is not None and may_read(principal, found)


def is_open(ports: Ports, project: str, namespace: str) -> bool:
    """Return True if everything in the project may read the namespace: it is its own, or public."""
    if namespace == DEFAULT_NAMESPACE or ports.namespaces.project_of(namespace) == project:
        return True
    found = _namespace(ports, namespace)
    return found is not None and found.is_public


def _may_be_foreign(definition: Definition, reference: Reference) -> bool:
    return reference.kind is ReferenceKind.NAMESPACE or reference.name != definition.project


def _principal_once_saved(ports: Ports, definition: Definition, by: Principal) -> Principal:
    """Return as which principal the definition runs once it is saved: NOBODY if its service account does not exist."""
    account = _account(definition.project, definition.service_account_name, ports.clock.now())
    if account is None:
        return by
    try:
        return principal_of_actor(ports, account)
    except Conflict:
        return NOBODY


def _defect(ports: Ports, project: str, principal: Principal, reference: Reference) -> Defect | None:
    if reference.kind is ReferenceKind.PROJECT:
        message = _missing_level(principal, reference.level, reference.name)
    else:
        message = _missing_level_in_namespace(ports, project, principal, reference)
    return Defect(reference.path, message) if message else None


def _missing_level(principal: Principal, level: Level, project: str) -> str:
    """Return the message about a missing level in a project; empty if the principal has it."""
    if not may(principal, Level.READ, project):
        return f"no project {project}"
    return "" if may(principal, level, project) else f"{principal.name} has no {level} in project {project}"


def _missing_level_in_namespace(ports: Ports, project: str, principal: Principal, reference: Reference) -> str:
    # In the default namespace each application has an owner, which is checked when the application is written.
    is_checked = reference.level is not Level.READ and reference.name != DEFAULT_NAMESPACE
    found = _namespace(ports, reference.name) if is_checked else None
    if found is None or found.project == project or not may_read(principal, found):
        return ""
    is_enough = may(principal, reference.level, found.project)
    return "" if is_enough else f"{principal.name} may read namespace {found.name}, and no more"


def _namespace(ports: Ports, name: str) -> Namespace | None:
    return next(iter(ports.namespaces.named([name])), None)


def _account(project: str, name: str, now: datetime) -> Actor | None:
    """Return the service account of that name as it is now."""
    if not name:
        return None
    return Actor(name=f"{project}/{name}", kind=PrincipalKind.SERVICE_ACCOUNT, scopes=(ALL,), at=now)
