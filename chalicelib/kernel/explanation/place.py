"""Where in a run, or in one that it started, something holds it."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.explanation.hold import Facts, Hold, HoldKind
from chalicelib.kernel.plans.plan import DefinitionRef, Node, Plan, Stage
from slipway_formats.frozen import frozen
from slipway_formats.run_title import run_address, run_title


@frozen
class Place:
    """A run, and a stage execution and a node of it when they are the matter. above: names of what led to the run."""

    facts: Facts
    plan: Plan
    run: Run
    above: tuple[str, ...] = ()
    execution: StageExecution | None = None
    node: Node | None = None

    @property
    def project(self) -> str:
        """The project of the run."""
        return self.plan.definition.project

    @property
    def stage(self) -> Stage | None:
        """The stage of the execution."""
        return self.plan.by_key[self.execution.stage] if self.execution is not None else None

    @property
    def state(self) -> NodeState | None:
        """The state of the node."""
        return self.execution.nodes.get(self.node.key) if self.execution is not None and self.node is not None else None

    @property
    def path(self) -> tuple[str, ...]:
        """Names from the run that is explained down to here."""
        stage = self.stage
        own = ((stage.name,) if stage is not None else ()) + ((self.node.name,) if self.node is not None else ())
        return self.above + own

    def at(self, execution: StageExecution, node: Node | None = None) -> "Place":
        """The place of a stage execution, or of a node in it."""
        return replace(self, execution=execution, node=node)

    def below(self, plan: Plan, run: Run) -> "Place":
        """The place of a run that the node started."""
        return Place(facts=self.facts, plan=plan, run=run, above=self.path)

    def hold(self, kind: HoldKind, reason: str, since: datetime | None) -> Hold:
        """Something that holds the run here."""
        return Hold(
            kind=kind,
            reason=reason,
            run=self.run.id,
            path=self.path,
            stage=self.execution.stage if self.execution is not None else "",
            execution=self.execution.number if self.execution is not None else 0,
            node=self.node.key if self.node is not None else "",
            since=since,
        )

    def local(self, at: datetime, zone: str = "") -> datetime:
        """The instant in a zone; by default in the pipeline's."""
        return at.astimezone(ZoneInfo(zone or self.facts.zone))


def address_of(plan: Plan) -> str:
    """How people name the run of a plan: `web/release#12`, `build:web/staging/app#3`."""
    of = plan.definition
    return run_address(of.kind, of.project, of.environment, of.name, plan.number)


def title(of: DefinitionRef, number: int) -> str:
    """What the run of a definition does, in words."""
    return run_title(of.kind, of.project, of.environment, of.name, number)


def title_of(plan: Plan) -> str:
    """What the run of a plan does, in words."""
    return title(plan.definition, plan.number)
