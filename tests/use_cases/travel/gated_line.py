"""A house with environments, projects and a train on a pipeline of gates."""

from collections.abc import Mapping

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ALL
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind, NodeState, Run, StageExecution
from chalicelib.kernel.installation.entries import Application
from chalicelib.kernel.plans.plan import Node, Stage
from chalicelib.kernel.trains.gated import GatedTravel
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Member, Train, TrainSettings
from chalicelib.use_cases.installation.applications import list_applications
from chalicelib.use_cases.installation.numbered_environments import CreateEnvironment, create_environment_entry
from chalicelib.use_cases.rafts.shared_pipelines import (
    ActivateVersion,
    CreatePipeline,
    SaveVersion,
    create_or_update_version,
    create_pipeline,
)
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_node, decide_run
from chalicelib.use_cases.trains.activate_pipeline import activate_pipeline
from chalicelib.use_cases.trains.snapshots import CreateSnapshot
from chalicelib.use_cases.trains.trains import CreateTrain, create_train
from chalicelib.use_cases.travel.begin import BeginSnapshot
from chalicelib.use_cases.travel.begin_planned import begin_snapshot
from tests.kernel.definitions.gated.given import Json, a_document
from tests.use_cases.catalog_ports import ROOT, WRITER, CatalogHouse, an_origin

TESTER = Principal(name="tess", groups=frozenset({"qa"}), scopes=frozenset({ALL}))


class GatedLine(CatalogHouse):
    """The house. dev, prod: ids of environments."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.dev, self.prod = (
            create_environment_entry(self.ports, CreateEnvironment(origin=an_origin(ROOT), title=title, code=code)).id
            for title, code in (("Development", "DEV"), ("Production", "PROD"))
        )

    @property
    def web(self) -> Application:
        """The application that the train delivers."""
        return next(one for one in list_applications(self.ports, an_origin(ROOT)) if one.project == "web")

    def lay(self, *stages: Json, **said: object) -> int:
        """A pipeline with an active version of these stages."""
        create = CreatePipeline(origin=an_origin(ROOT), title="standard", definition=a_document(*stages, **said))
        pipeline = create_pipeline(self.ports, create).id
        self.activate(pipeline, 1)
        return pipeline

    def change(self, pipeline: int, *stages: Json) -> None:
        """Another active version of these stages."""
        save = SaveVersion(origin=an_origin(ROOT), pipeline=pipeline, definition=a_document(*stages))
        self.activate(pipeline, create_or_update_version(self.ports, save).version.number)

    def activate(self, pipeline: int, number: int) -> None:
        """A version is active."""
        activate_pipeline(self.ports, ActivateVersion(origin=an_origin(ROOT), pipeline=pipeline, number=number))
        self.work_off()

    def plan(self, pipeline: int, **said: object) -> Train:
        """A train that travels the pipeline."""
        list_applications(self.ports, an_origin(ROOT))
        gated = GatedTravel(pipeline=pipeline, **said)  # type: ignore[arg-type]  # fields of it, by name
        settings = TrainSettings(members=(Member(project="web", application="web"),), gated=gated)
        return create_train(self.ports, CreateTrain(origin=an_origin(WRITER), number="spring", settings=settings))

    def begin(self, train: Train) -> Snapshot:
        """A snapshot that begins to travel."""
        create = CreateSnapshot(origin=an_origin(WRITER), train=train.id)
        snapshot = begin_snapshot(self.ports, BeginSnapshot(create=create)).snapshot
        self.work_off()
        return self.ports.snapshots.snapshot(train.id, snapshot.id)

    def travel(self, *stages: Json, **said: object) -> Snapshot:
        """A snapshot on a train of its own."""
        return self.begin(self.plan(self.lay(*stages), **said))

    def run_of(self, snapshot: Snapshot) -> Run:
        """The run of a snapshot."""
        return self.runs.run(self.ports.snapshots.snapshot(snapshot.train, snapshot.id).runs[-1])

    def stage(self, snapshot: Snapshot, place: int = -1) -> StageExecution:
        """A stage execution of its run."""
        return self.run_of(snapshot).stages[place]

    def nodes(self, snapshot: Snapshot) -> Mapping[str, Phase]:
        """The phases of the gates and steps of its latest stage, by name."""
        return {node.name: state.phase for node, state in self._reached(snapshot)}

    def reason(self, snapshot: Snapshot, name: str) -> str:
        """Why a gate or step ended so."""
        return next(state.reason for node, state in self._reached(snapshot) if node.name == name)

    def decide(self, snapshot: Snapshot, name: str, kind: ActKind = ActKind.APPROVED, by: Principal = ROOT) -> None:
        """Somebody decides about a gate or step."""
        decide_node(self.ports, DecideNode(run=self.run_of(snapshot).id, kind=kind, by=by, node=name))
        self.work_off()

    def replay(self, snapshot: Snapshot) -> None:
        """The latest stage is executed again."""
        execution = self.stage(snapshot).number
        decide_run(
            self.ports,
            DecideRun(run=self.run_of(snapshot).id, kind=ActKind.REPLAYED, by=WRITER, execution=execution),
        )
        self.work_off()

    def _reached(self, snapshot: Snapshot) -> list[tuple[Node, NodeState]]:
        run = self.run_of(snapshot)
        execution, plan = run.stages[-1], self.runs.plan(run.plan)
        stage: Stage = plan.by_key[execution.stage]
        return [(node, execution.nodes[node.key]) for node in stage.nodes if node.key in execution.nodes]
