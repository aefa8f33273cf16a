"""Gates that nobody, or only admins, can open: the former are refused, of the latter the author is warned."""

from collections.abc import Iterator, Sequence

from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin, may
from chalicelib.kernel.access.role import ALL, Level, role_in
from chalicelib.kernel.definitions.pipeline import (
    GateType,
    PipelineDefinition,
    PipelineGate,
    StepType,
    placed_steps,
)
from chalicelib.use_cases.access.owners import person
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.defect import Defect

PAGE = 200
MOST_PAGES = 5
"""With more users than these pages hold no warnings are given, as counting would take too long."""


def gate_warnings(ports: Ports, pipeline: PipelineDefinition) -> tuple[Defect, ...]:
    """Return a warning for each gate that at present only admins can open: its path and the reason."""
    gates = tuple(_approvals(pipeline))
    readers = _readers(ports, pipeline.project) if gates else None
    if readers is None:
        return ()
    found = ((path, _shortage(pipeline, gate, readers)) for path, gate in gates)
    return tuple(Defect(path, f"only admins can open it: {why}") for path, why in found if why)


def gate_defects(ports: Ports, pipeline: PipelineDefinition) -> Iterator[Defect]:
    """Yield what makes a gate impossible to open: a team or user that is not there, a quorum above all who may decide.

    A quorum is judged only where few enough people are known to count them.
    """
    gates = [(path, gate) for path, gate in _approvals(pipeline) if gate.team or gate.user]
    people = _everybody(ports, pipeline.project) if gates else None
    for path, gate in gates:
        missing = tuple(_missing(ports, path, gate))
        yield from missing
        if people is not None and not missing:
            able = sum(1 for one in people if _may_open(pipeline, gate, one))
            if able < gate.quorum:
                yield Defect(f"{path}.quorum", f"is {gate.quorum}, and {_named(pipeline, gate)} have {able} who decide")


def _missing(ports: Ports, path: str, gate: PipelineGate) -> Iterator[Defect]:
    if gate.team and ports.access.find_group(gate.team) is None:
        yield Defect(f"{path}.team", f"no team {gate.team[:64]}")
    if gate.user and ports.access.find_user(gate.user) is None:
        yield Defect(f"{path}.user", f"no user {gate.user[:64]}")


def _approvals(pipeline: PipelineDefinition) -> Iterator[tuple[str, PipelineGate]]:
    for number, phase in enumerate(pipeline.phases):
        for place, gate in enumerate(phase.gates):
            if gate.type is GateType.APPROVAL:
                yield f"phases[{number}].gates[{place}]", gate
        for placed in placed_steps(phase):
            step = placed.step
            if step.type is StepType.CONFIRMATION:
                gate = PipelineGate(type=GateType.APPROVAL, team=step.team, user=step.user)
                yield f"phases[{number}].{placed.path}", gate


def _readers(ports: Ports, project: str) -> Sequence[Principal] | None:
    """Return all principals that may read the project; None if there are too many to count."""
    people = _everybody(ports, project)
    return None if people is None else [one for one in people if may(one, Level.READ, project)]


def _everybody(ports: Ports, project: str) -> Sequence[Principal] | None:
    """Return all users and the service accounts of the project; None if there are too many to count."""
    found: list[Principal] = []
    page = Page(size=PAGE)
    for _ in range(MOST_PAGES):
        users = ports.access.users(page)
        found += [person(ports, user) for user in users if not user.disabled]
        if len(users) < PAGE:
            return [*found, *_accounts(ports, project)]
        page = Page(size=PAGE, after=users[-1].name)
    return None


def _accounts(ports: Ports, project: str) -> Iterator[Principal]:
    for one in ports.access.service_accounts(project):
        yield Principal(
            name=f"{project}/{one.name}",
            kind=PrincipalKind.SERVICE_ACCOUNT,
            roles=frozenset({role_in(project, one.role)}),
            groups=frozenset({one.team} - {""}),
            scopes=frozenset({ALL}),
        )


def _shortage(pipeline: PipelineDefinition, gate: PipelineGate, readers: Sequence[Principal]) -> str:
    """Return why too few can open the gate; empty if there are enough."""
    deciders = [one for one in readers if not is_admin(one) and _may_open(pipeline, gate, one)]
    if len(deciders) < gate.quorum:
        return f"of {_named(pipeline, gate)} {len(deciders)} may decide, {gate.quorum} should"
    unsigned = gate.no_self_approval and any(trigger.secret is None for trigger in pipeline.triggers)
    outside = [one for one in deciders if not may(one, Level.WRITE, pipeline.project)]
    if unsigned and len(outside) < gate.quorum:
        return "what a webhook without a secret of its own begins counts as begun by every writer"
    return ""


def _may_open(pipeline: PipelineDefinition, gate: PipelineGate, one: Principal) -> bool:
    if not gate.user and not gate.team:
        return may(one, Level.WRITE, pipeline.project)
    is_user = one.kind is PrincipalKind.USER and one.name == gate.user
    return is_user or (gate.team != "" and gate.team in one.groups)


def _named(pipeline: PipelineDefinition, gate: PipelineGate) -> str:
    named = (("user", gate.user), ("team", gate.team))
    return " and ".join(f"{kind} {name}" for kind, name in named if name) or f"the writers of {pipeline.project}"
