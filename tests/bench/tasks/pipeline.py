"""How often the record of a pipeline's run is written, a task, over 200 tasks of which 20 run at once: counted."""

from collections.abc import Iterator, Sequence

from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.feed.occurrence import Occurrence
from chalicelib.use_cases.ports.jobs_beside import NO_JOBS, JobsBeside
from chalicelib.use_cases.task_pipelines.run import RunTaskPipeline, run_task_pipeline
from tests.bench.budgets import Key
from tests.bench.figures import Figure, Measured
from tests.fakes.runs import FakeRuns
from tests.use_cases.catalog_ports import WRITER, CatalogHouse, an_origin
from tests.use_cases.task_pipelines.test_run import MANIFEST, a_task, with_code
from tests.use_cases.workloads.given import ended, leases, settled

LAYERS, FAN_OUT = 10, 20
TASKS = LAYERS * FAN_OUT


class CountedRuns(FakeRuns):
    """Runs whose writes are noted. written: the runs, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def commit(self, run: Run, occurred: Sequence[Occurrence] = (), jobs: JobsBeside = NO_JOBS) -> Run:
        self.written.append(run.id)
        return super().commit(run, occurred, jobs)


def pipeline_writes() -> Iterator[tuple[Key, Figure]]:
    """Writes a task, where each end of a task is a message of its own."""
    runs = CountedRuns()
    house = with_code(CatalogHouse(runs=runs))
    command = RunTaskPipeline(
        origin=an_origin(WRITER), namespace="night", configuration={"name": "wide", "tasks": _tasks()}
    )
    own = run_task_pipeline(house.ports, command).id
    house.work_off()
    done = 0
    while found := leases(house, house.world.secret()):
        for leased in found:
            settled(house, leased, {**MANIFEST, "name": leased.job.name}, "c0ffee1")
        for leased in found:
            ended(house, leased)
        done += len(found)
    if done != TASKS or house.ports.runs.run(own).phase != "succeeded":
        raise AssertionError(f"{done} tasks of {TASKS} ran, and the pipeline is {house.ports.runs.run(own).phase}")
    # Creating the run is a write, too.
    yield Key.TASK_WRITES, Measured(value=(1 + runs.written.count(own)) / TASKS)


def _tasks() -> Sequence[dict[str, object]]:
    """Layers of tasks, each of which needs all of the layer before."""
    names = [[f"t{layer}-{number}" for number in range(FAN_OUT)] for layer in range(LAYERS)]
    before = [[], *names[:-1]]
    layers = zip(names, before, strict=True)
    return [_in_one_directory(a_task(name, *needs)) for layer, needs in layers for name in layer]


def _in_one_directory(task: dict[str, object]) -> dict[str, object]:
    """The task, in a directory that all of them share."""
    return {**task, "namespacetask": "code/any"}
