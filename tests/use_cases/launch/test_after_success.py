"""What begins because a run ended well."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.definitions.definition import BuildDefinition, pipeline_ref, ref_of
from chalicelib.kernel.definitions.pipeline import PipelineStep, StepType
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Parent, Plan
from chalicelib.kernel.plans.work import Noop
from chalicelib.use_cases.launch.after_success import start_triggered
from chalicelib.use_cases.launch.plan import plan_build, source_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.advance import advance_run
from tests.builders import a_plan, an_entry, begun, later
from tests.kernel.definitions.given import a_build, a_phase, a_pipeline
from tests.use_cases.catalog_ports import catalog_ports

PARENT = Parent(run="run1", execution=1, node="s1", attempt=1)


def an_ended_build(ports: Ports, phase: Phase = Phase.SUCCEEDED, *, parent: Parent | None = None) -> tuple[Plan, Run]:
    build = ports.definitions.definition(ref_of(a_build()))
    assert isinstance(build, BuildDefinition)
    plan = plan_build(ports, build, source_of(ports, build), Beginning(id="B1", by="ada", parent=parent))
    run = replace(begun(plan).run, phase=phase, releases=("demo/app-v2.0",), ended_at=later(60))
    return plan, run


def with_triggered(step: PipelineStep) -> Ports:
    ports = catalog_ports()
    ports.definitions.create(a_build(), an_entry())
    ports.definitions.create(a_pipeline(a_phase(step, PipelineStep(type=StepType.NOOP))), an_entry())
    return ports


BUILD_STEP = PipelineStep(type=StepType.BUILD, build="app", trigger_pipeline_on_build=True)


def test_a_build_that_ends_well_begins_the_pipeline_whose_step_it_is() -> None:
    ports = with_triggered(BUILD_STEP)
    (started,) = start_triggered(ports, *an_ended_build(ports))
    advance_run(ports, started, ())
    assert isinstance(ports.runs.plan(started).stages[0].steps[0].work, Noop)
    assert ports.runs.run(started).releases == ("demo/app-v2.0",)
    assert ports.runs.plan(started).trigger == "build"
    assert ports.runs.run(started).phase is Phase.SUCCEEDED


def test_the_same_ending_begins_the_same_run() -> None:
    ports = with_triggered(BUILD_STEP)
    ended = an_ended_build(ports)
    assert start_triggered(ports, *ended) == start_triggered(ports, *ended)
    assert len(ports.runs.of_definition(ref_of(a_pipeline()), Page())) == 1


def test_a_build_that_failed_begins_nothing() -> None:
    ports = with_triggered(BUILD_STEP)

    assert start_triggered(ports, *an_ended_build(ports, Phase.FAILED)) == ()


def a_run_of(ports: Ports, pipeline: str, run: str, **more: Any) -> None:  # noqa: ANN401 - of a plan
    """A run of a pipeline."""
    plan = replace(a_plan(run=run), definition=pipeline_ref("web", pipeline), **more)
    ports.runs.create(begun(plan).run, plan)


def test_a_build_within_the_pipeline_does_not_begin_it_anew() -> None:
    ports = with_triggered(BUILD_STEP)
    a_run_of(ports, "release", "run1")

    assert start_triggered(ports, *an_ended_build(ports, parent=PARENT)) == ()


def test_a_build_within_another_pipeline_begins_the_one_that_waits_for_it() -> None:
    ports = with_triggered(BUILD_STEP)
    a_run_of(ports, "other", "run1")

    assert len(start_triggered(ports, *an_ended_build(ports, parent=PARENT))) == 1


@pytest.mark.parametrize(
    "led",
    [
        {"parent": Parent(run="run0", execution=1, node="s1", attempt=1)},
        {"trigger": "deployment-job", "inputs": {"triggered_by": "job1"}},
    ],
)
def test_no_pipeline_begins_by_what_it_has_led_to(led: dict[str, Any]) -> None:
    ports = with_triggered(BUILD_STEP)
    a_run_of(ports, "release", "run0")
    a_run_of(ports, "between", "job1", parent=Parent(run="run0", execution=1, node="s1", attempt=1))
    a_run_of(ports, "other", "run1", **led)

    assert start_triggered(ports, *an_ended_build(ports, parent=PARENT)) == ()


def test_a_step_that_does_not_ask_for_it_is_not_begun() -> None:
    ports = with_triggered(replace(BUILD_STEP, trigger_pipeline_on_build=False))
    assert start_triggered(ports, *an_ended_build(ports)) == ()
