"""Who may decide about a run: approve what waits, override a gate, promote behind gates that are not met."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin
from chalicelib.kernel.definitions.confirmation import has_begun, may_decide, may_override
from chalicelib.kernel.engine.events import PromotionMode
from chalicelib.kernel.engine.people.refusal import out_of_order
from chalicelib.kernel.engine.progress.windows import unmet_gates
from chalicelib.kernel.faults import Forbidden, Invalid
from chalicelib.kernel.plans.plan import DecidedBy, Node, OverriddenBy, Plan, Stage
from chalicelib.kernel.plans.work import Approval
from chalicelib.kernel.trains.transitions import refuse_deployment
from chalicelib.use_cases.access.persons import principals_behind
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.read import RunView
from chalicelib.use_cases.trains.find import find_travelling

LONGEST_NOTES = 1000


def check_caller(by: Principal, notes: str) -> None:
    """Refuse a job, and notes that are too long. Faults: Forbidden, Invalid."""
    # Code that a job builds or deploys must not approve its own run, or any other.
    if by.kind is PrincipalKind.JOB:
        raise Forbidden("a job decides about no run")
    if len(notes) > LONGEST_NOTES:
        raise Invalid.single("notes", f"over {LONGEST_NOTES} characters")


def check_again(ports: Ports, plan: Plan) -> None:
    """Refuse to run steps again for a snapshot that is rejected or of a cancelled train. Faults: Conflict."""
    of = find_travelling(ports, plan.travels) if plan.travels is not None else None
    if of is not None:
        refuse_deployment(of.train, of.snapshot)


def check_decider(by: Principal, plan: Plan, node: Node) -> None:
    """Refuse who is not of the user or team that the node names; where it names none, who may not write.

    Faults: Forbidden.
    """
    project = plan.definition.project
    if node.awaits_word and not may_decide(by, node, project):
        raise Forbidden(f"{node.name} is for {_deciders(node) or f'a writer of {project}'} to decide")


def check_self_approval(ports: Ports, by: Principal, node: Node, seen: RunView) -> None:
    """Refuse an approval by whoever started the run, also by accounts that act for them, if the gate forbids it."""
    is_own_refused = isinstance(node.work, Approval) and node.work.no_self_approval
    if is_own_refused and any(has_begun(one, seen.plan, seen.run) for one in principals_behind(ports, by)):
        raise Forbidden(f"{by.name} began this run and may not approve {node.name}")


def check_override(ports: Ports, by: Principal, gate: Node, seen: RunView) -> None:
    """Refuse who may not let a gate or step count as done. Faults: Forbidden.

    Where those may whom a gate names, an override is one more way to approve: not of one's own run.
    """
    if not may_override(by, seen.plan, gate):
        raise Forbidden(f"only {_overriders(seen.plan, gate)} may override {gate.name}")
    if seen.plan.overridden_by is OverriddenBy.DECIDERS and not is_admin(by):
        check_self_approval(ports, by, gate, seen)


def checked_mode(ports: Ports, by: Principal, seen: RunView, stage: Stage, *, mode: PromotionMode) -> PromotionMode:
    """The mode of a promotion; forced only where something is to be overridden. Faults: Forbidden if they may not."""
    if mode is not PromotionMode.FORCED:
        return mode
    plan, latest = seen.plan, seen.run.latest(stage.key)
    is_before = latest is not None and (latest.is_collecting or latest.is_scheduled)
    unmet = unmet_gates(stage, latest.nodes if latest is not None and is_before else {}, ports.clock.now())
    disorder = out_of_order(plan, seen.run, stage)
    for gate in unmet:
        check_override(ports, by, gate, seen)
    if disorder is not None and not may_override(by, plan, None):
        raise Forbidden(f"only {_overriders(plan, None)} may enter stage {stage.name} now: {disorder}")
    # Not forced: somebody may take an approval back meanwhile.
    return mode if unmet or disorder else PromotionMode.IF_MET


def _overriders(plan: Plan, gate: Node | None) -> str:
    if plan.overridden_by is OverriddenBy.OWNERS:
        return f"an owner of {plan.definition.project}"
    named = _deciders(gate) if gate is not None and gate.named not in (None, DecidedBy()) else ""
    return f"{named} or an admin" if named else "an admin"


def _deciders(node: Node) -> str:
    """Those who are named for a node, in words; empty where nobody is."""
    if node.named is None:
        return ""
    members = (*(f"user {name}" for name in node.named.users), *(f"team {name}" for name in node.named.teams))
    return " or ".join(members) or "an admin"
