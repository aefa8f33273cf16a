"""The codes by which a waiting approval is decided: one for each attempt at it, made from its run's secret."""

import hmac
from collections.abc import Collection
from dataclasses import replace
from hashlib import sha256

from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin, may
from chalicelib.kernel.access.role import Level, leaves_room
from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.definitions.compile_pipeline import SECRET
from chalicelib.kernel.engine.effects import step_id
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.plans.plan import DecidedBy, Node, NodeAddress, OverriddenBy, Plan

DIGITS = 32
WRITERS = "writers:"
DECIDING = frozenset({PrincipalKind.USER, PrincipalKind.SERVICE_ACCOUNT, PrincipalKind.ADMIN, PrincipalKind.KEY})
"""Those whose word can count. A runner has a name of anybody's choice, and a job its token to work with."""


def code_of(plan: Plan, of: NodeAddress) -> str:
    """Return the confirmation code of one attempt at an approval: unguessable, and unique to the attempt."""
    secret = str(plan.snapshot.get(SECRET, ""))
    place = step_id(plan.id, of)
    return hmac.new(secret.encode(), place.encode(), sha256).hexdigest()[:DIGITS] if secret else ""


def waits_for_word(node: Node, state: NodeState) -> bool:
    """Return True if the node waits for a person's decision."""
    return node.awaits_word and state.phase is Phase.WAITING_PERSON


def may_decide(by: Principal, node: Node, project: str) -> bool:
    """Return True if somebody may decide here: the named user or team, else anybody who may write; never a job.

    A job has its token to work with: what it builds is not to open the gates before which its own run waits. A token
    that may only read decides nothing, whoever has it.
    """
    if by.kind not in DECIDING:
        return False
    if not node.awaits_word or is_admin(by):
        return is_admin(by)
    return is_decider(by, node.named, project)


def is_decider(by: Principal, named: DecidedBy | None, project: str) -> bool:
    """Return True if somebody is among the deciders of what waits for a word. named: None for whoever may write."""
    if by.kind not in DECIDING:
        return False
    if named is None or is_admin(by):
        return may(by, Level.WRITE, project)
    return _is_named(by, named, project)


def may_override(by: Principal, plan: Plan, gate: Node | None) -> bool:
    """Whether somebody may let a gate count as passed; without a gate, enter a stage out of order."""
    project = plan.definition.project
    if by.kind not in DECIDING:
        return False
    if plan.overridden_by is OverriddenBy.OWNERS:
        return may(by, Level.OWNER, project)
    named = gate.named if gate is not None else None
    return is_admin(by) or (named is not None and _is_named(by, named, project))


def _is_named(by: Principal, named: DecidedBy, project: str) -> bool:
    is_user = by.kind is PrincipalKind.USER and by.name in named.users
    return (is_user or bool(by.groups & set(named.teams))) and leaves_room(by.scopes, Level.WRITE, project)


def teams_of(by: Principal, node: Node) -> tuple[str, ...]:
    """Return for which of the teams that decide about a node somebody speaks; an administrator for all of them."""
    teams = node.named.teams if node.named is not None else ()
    return teams if is_admin(by) else tuple(team for team in teams if team in by.groups)


def writers_of(project: str) -> str:
    """Return the entry of a run's `begun_by` that stands for everybody who may write in a project."""
    return f"{WRITERS}{project}"


def has_begun(by: Principal, plan: Plan, run: Run) -> bool:
    """Return True if somebody counts as having started the run, or its current stage (promotion, retry, replay).

    Admins do not count among the writers of a project: they may approve.
    """
    key = owner_key(by.kind, by.name)
    if run.continued is not None and run.continued.is_of(by.name, (key,)):
        return True
    return is_among(by, plan.begun_by)


def is_among(by: Principal, begun_by: Collection[str]) -> bool:
    """Return True if somebody counts as one of these. begun_by: as of a plan; names by themselves count too."""
    if by.name in begun_by or owner_key(by.kind, by.name) in begun_by:
        return True
    projects = [one.removeprefix(WRITERS) for one in begun_by if one.startswith(WRITERS)]
    whole = replace(by, roles=by.roles | by.owner_roles)
    return not is_admin(by) and any(may(whole, Level.WRITE, project) for project in projects)


def node_of_code(plan: Plan, run: Run, code: str) -> tuple[StageExecution, Node] | None:
    """Return the approval with this confirmation code, decided or not, if there is one."""
    for execution in run.stages:
        stage = plan.by_key.get(execution.stage)
        for node in stage.nodes if stage is not None else ():
            state = execution.nodes.get(node.key)
            if state is None or not node.awaits_word:
                continue
            known = code_of(plan, execution.address_of(node.key))
            if known and hmac.compare_digest(known.encode(), code.encode()):
                return execution, node
    return None
