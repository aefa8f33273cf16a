"""A house with a project, a pipeline in it, and small ways to plan trains and make snapshots."""

from collections.abc import Mapping
from typing import Any

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.definitions.pipeline import PipelinePhase, PipelineSettings, PipelineStep, StepType
from chalicelib.kernel.plans.plan import Promotion
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Member, Train, TrainSettings
from chalicelib.use_cases.definitions.pipelines import SavePipeline, create_pipeline
from chalicelib.use_cases.trains.ending import EndTrain, TrainAct
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, create_snapshot
from chalicelib.use_cases.trains.trains import CreateTrain, create_train
from tests.use_cases.catalog_ports import WRITER, CatalogHouse, an_origin

STEP = PipelineStep(name="say", type=StepType.NOOP)
WEB = Member(project="web", application="web")


def two_stages() -> PipelineSettings:
    """A pipeline of two stages, each begun by a deploy."""
    phases = (
        PipelinePhase(name=name, environment=place, promotion=Promotion.MANUAL, steps=(STEP,))
        for name, place in (("Test", "staging"), ("Live", "production"))
    )
    return PipelineSettings(phases=tuple(phases))


class Station(CatalogHouse):
    """The house, with a pipeline."""

    def __post_init__(self) -> None:
        super().__post_init__()
        command = SavePipeline(origin=an_origin(), project="web", name="release", settings=two_stages())
        create_pipeline(self.ports, command)

    def plan(self, number: str = "1.0", by: Principal = WRITER, seed: str = "", **said: Any) -> Train:  # noqa: ANN401 - fields of a command
        """A train."""
        return create_train(self.ports, a_plan(number, by, seed, **said))

    def make(self, train: int = 10_001, number: str = "", seed: str = "", **variables: object) -> Snapshot:
        """A snapshot."""
        command = CreateSnapshot(origin=an_origin(seed=seed), train=train, number=number, variables=variables)
        return create_snapshot(self.ports, command).snapshot

    def train(self, number: int = 10_001) -> Train:
        """The train as it is stored."""
        return self.ports.trains.train(number)


def a_plan(
    number: str = "1.0",
    by: Principal = WRITER,
    seed: str = "",
    *,
    pipeline: str = "release",
    template: str = "",
    variables: Mapping[str, object] | None = None,
    members: tuple[Member, ...] = (WEB,),
    **said: Any,  # noqa: ANN401 - fields of settings
) -> CreateTrain:
    """The command that plans a train."""
    settings = TrainSettings(pipeline=pipeline, members=members, **said)
    origin = an_origin(by, seed)
    return CreateTrain(origin=origin, number=number, settings=settings, template=template, variables=variables or {})


def restoring() -> EndTrain:
    """The command that restores the first train."""
    return EndTrain(origin=an_origin(), train=10_001, act=TrainAct.RESTORE)
