"""Read requests about executions of pipelines and confirmations, and show the answers."""

from collections.abc import Mapping, Sequence
from html import escape

from chalicelib.dialects.state.executions.words import ExecutionWords
from chalicelib.dialects.state.pipelines.words import shown_gate, shown_phase, shown_pipeline, shown_step
from chalicelib.dialects.state.words import run_fields, said, shown_instant, status_of
from chalicelib.http.reply import Json, Reply, html_reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.codec import decode
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION
from chalicelib.kernel.definitions.confirmation import code_of, may_decide, waits_for_word
from chalicelib.kernel.definitions.definition import pipeline_ref
from chalicelib.kernel.definitions.pipeline import (
    PipelineDefinition,
    PipelinePhase,
    PlacedStep,
    gate_key,
    placed_steps,
    stage_key,
    tag_key,
)
from chalicelib.kernel.engine.phase import BAD, GOOD, Phase
from chalicelib.kernel.engine.run import NodeState, StageExecution
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind, RunDefinition
from chalicelib.use_cases.definitions.executions import Confirm, Execution
from chalicelib.use_cases.runs.read import RunView
from slipway_formats.frozen import frozen

PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"


@frozen
class ConfirmationRequest:
    """A confirmation. is_page: a browser sent it, so nothing is decided until is_click."""

    confirm: Confirm
    is_page: bool
    is_click: bool


@frozen
class Answered:
    """A confirmation and the run after it; None until somebody has clicked."""

    request: ConfirmationRequest
    seen: RunView | None


@frozen
class _Place:
    """A phase of an execution to show."""

    execution: Execution
    phase: PipelinePhase
    key: str
    stage: StageExecution | None


def pipeline_of(request: Request) -> DefinitionRef:
    """Return the pipeline in the path."""
    return pipeline_ref(request.parameters["project"], request.parameters["pipeline"])


def read_approve(request: Request) -> ConfirmationRequest:
    """Read the approval of what waits under a code. Faults: Invalid."""
    return _read_confirm(request, approved=True)


def read_disapprove(request: Request) -> ConfirmationRequest:
    """Read the rejection of what waits under a code. Faults: Invalid."""
    return _read_confirm(request, approved=False)


def show_confirmed(answered: Answered) -> Reply:
    """Show that it was decided. A browser gets a page; before the click, a page with a button."""
    if not answered.request.is_page:
        return json_reply({})
    action = "Approve" if answered.request.confirm.approved else "Disapprove"
    if answered.seen is not None:
        return html_reply(_page(f"{action}d", f"<p>{action}d. You can close this page.</p>"), PAGE_POLICY)
    of = answered.request.confirm
    what = f"{of.of.name} of {of.of.project}, execution {of.id}"
    form = f'<form method="post"><p>{escape(what)}</p><button>{action}</button></form>'
    return html_reply(_page(f"{action}?", form), PAGE_POLICY)


def _read_confirm(request: Request, *, approved: bool) -> ConfirmationRequest:
    named = PIPELINES.read_one(request)
    confirm = Confirm(
        by=named.by,
        of=named.of,
        id=named.id,
        code=request.parameters["code"],
        approved=approved,
        notes=request.query.text("notes") or "",
    )
    # What a browser adds by itself may have been sent by any page: then a GET shows the button, whatever it accepts.
    is_page = "text/html" in request.header("accept").lower() or (request.is_ambient and request.method == "GET")
    return ConfirmationRequest(confirm=confirm, is_page=is_page, is_click=request.method == "POST")


def _page(title: str, content: str) -> str:
    head = f'<meta charset="utf-8"><title>{title}</title><style>body{{font:16px sans-serif;margin:3em}}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{content}</body></html>'


def _shown_execution(execution: Execution) -> dict[str, Json]:
    seen = execution.seen
    pipeline: PipelineDefinition = decode(PipelineDefinition, seen.plan.snapshot[DEFINITION])
    phases = [_shown_phase(_place(execution, phase, place)) for place, phase in enumerate(pipeline.phases)]
    shown = {**shown_pipeline(pipeline, execution.by, seen.phase), "phases": phases}
    return {**run_fields(seen), "pipeline": shown}


def _place(execution: Execution, phase: PipelinePhase, place: int) -> _Place:
    key = stage_key(phase, place)
    begun = [one for one in execution.seen.executions if one.stage == key]
    return _Place(execution=execution, phase=phase, key=key, stage=begun[-1] if begun else None)


def _shown_phase(place: _Place) -> dict[str, Json]:
    stage, placed = place.stage, placed_steps(place.phase)
    gates = [
        {**shown_gate(gate), **_node_fields(place, gate_key(gate, number), blocked="pending")}
        for number, gate in enumerate(place.phase.gates)
    ]
    fields: dict[str, Json] = {"reason": stage.reason} if stage is not None else {}
    return {
        **shown_phase(place.phase),
        "status": status_of(stage.phase if stage is not None else None),
        **said(fields),
        "steps": [_shown_step(place, one, placed) for one in placed if one.group is None],
        **({"gates": gates} if gates else {}),
    }


def _shown_step(place: _Place, placed: PlacedStep, every: Sequence[PlacedStep]) -> dict[str, Json]:
    inner: list[Json] = [_shown_step(place, one, every) for one in every if one.group == placed.key]
    return {
        **shown_step(placed.step),
        **_node_fields(place, placed.key, blocked="queued"),
        **({"steps": inner} if inner else {}),
    }


def _node_fields(place: _Place, key: str, *, blocked: str) -> dict[str, Json]:
    """Return the state of a gate or step and what can be done with it.

    blocked: status of a node that waits for others.
    """
    stage = place.stage
    state = stage.nodes.get(key) if stage is not None else None
    if stage is None or state is None:
        return {"status": blocked if stage is not None and not stage.is_final else status_of(None)}
    effective = _effective_state(state, stage.nodes.get(tag_key(key)))
    fields: dict[str, Json] = {
        "reason": effective.reason,
        "started_at": shown_instant(state.started_at or state.began_at),
        "finished_at": shown_instant(effective.ended_at),
        "opens_at": shown_instant(state.until),
    }
    return {"status": status_of(effective.phase), **said(fields), **said(_links(place, stage, key, state))}


def _effective_state(state: NodeState, tagging: NodeState | None) -> NodeState:
    """Return the state of the step, or of its tag node once the step has succeeded."""
    writes = tagging is not None and state.phase in GOOD and tagging.phase is not Phase.SKIPPED
    return tagging if writes and tagging is not None else state


def _links(place: _Place, stage: StageExecution, key: str, state: NodeState) -> Mapping[str, Json]:
    plan, by = place.execution.seen.plan, place.execution.by
    node = plan.by_key[place.key].node(key)
    if node is None:
        return {}
    if isinstance(node.work, RunDefinition):
        return {"execution_id": state.reference}
    is_open = waits_for_word(node, state) and place.execution.seen.run.phase not in BAD
    if is_open and may_decide(by, node, plan.definition.project):
        return {"confirmation_code": code_of(plan, stage.address_of(key))}
    return {}


PIPELINES = ExecutionWords(
    kind=DefinitionKind.PIPELINE, definition_of=pipeline_of, id="pipeline_execution_id", shown=_shown_execution
)
