"""A house with a train on a pipeline, and small ways to make snapshots travel."""

from typing import Any

from chalicelib.kernel.definitions.pipeline import (
    GateType,
    PipelineGate,
    PipelinePhase,
    PipelineSettings,
    PipelineStep,
    StepType,
)
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.plans.plan import Promotion
from chalicelib.kernel.trains.snapshot import Snapshot, SnapshotStatus, status_of
from chalicelib.use_cases.definitions.pipelines import SavePipeline, update_pipeline
from chalicelib.use_cases.runs.decide import DecideNode, decide_node
from chalicelib.use_cases.trains.snapshots import CreateSnapshot
from chalicelib.use_cases.travel.begin import BeginSnapshot
from chalicelib.use_cases.travel.begin_planned import begin_snapshot
from chalicelib.use_cases.travel.deploy import Deployed, DeploySnapshot, deploy_snapshot
from tests.use_cases.catalog_ports import WRITER, an_origin
from tests.use_cases.trains.station import STEP, Station

JOB = PipelineStep(name="ship", type=StepType.SCRIPT, script="echo hello")
GATE = PipelineGate(name="go", type=GateType.APPROVAL)


def a_stage(name: str, *, job: bool = False, gated: bool = False, automatic: bool = False) -> PipelinePhase:
    return PipelinePhase(
        name=name,
        promotion=Promotion.AUTOMATIC if automatic else Promotion.MANUAL,
        gates=(GATE,) if gated else (),
        steps=(JOB if job else STEP,),
    )


class Line(Station):
    """A station with a train on it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.plan()

    def lay(self, *stages: PipelinePhase, **said: Any) -> None:  # noqa: ANN401 - settings of a pipeline
        """The train's pipeline has these stages."""
        settings = PipelineSettings(phases=stages, **said)
        update_pipeline(self.ports, SavePipeline(origin=an_origin(), project="web", name="release", settings=settings))

    def begin(self, *, holds: bool = False, seed: str = "") -> Snapshot:
        """A snapshot that begins to travel."""
        create = CreateSnapshot(origin=an_origin(seed=seed), train=10_001)
        begun = begin_snapshot(self.ports, BeginSnapshot(create=create, holds=holds)).snapshot
        self.work_off()
        return begun

    def deploy(self, snapshot: int = 10_002, stage: str = "", **said: Any) -> Deployed:  # noqa: ANN401 - fields of a command
        """The snapshot's deployment, as far as it goes by itself."""
        origin = an_origin(said.pop("by", WRITER), said.pop("seed", ""))
        command = DeploySnapshot(origin=origin, train=10_001, snapshot=snapshot, stage=stage, **said)
        deployed = deploy_snapshot(self.ports, command)
        self.work_off()
        return deployed

    def approve(self, run: str) -> None:
        """The only gate that waits is approved."""
        decide_node(self.ports, DecideNode(run=run, kind=ActKind.APPROVED, by=WRITER))
        self.work_off()

    def snapshot(self, number: int = 10_002) -> Snapshot:
        """The snapshot as it is stored."""
        return self.ports.snapshots.snapshot(10_001, number)

    def stage(self, number: int = 10_002) -> str | None:
        """The furthest stage of a snapshot."""
        furthest = self.snapshot(number).furthest
        return None if furthest is None else furthest.stage

    def status(self, number: int = 10_002) -> SnapshotStatus:
        """The status of a snapshot."""
        return status_of(self.train(), self.snapshot(number))

    def phases(self, run: str) -> dict[str, Phase]:
        """How far each stage of a run is that was entered, by name."""
        plan = self.ports.runs.plan(run)
        entered = (one for one in self.runs.run(run).stages if not one.awaits_promotion)
        return {plan.by_key[one.stage].name: one.phase for one in entered}
