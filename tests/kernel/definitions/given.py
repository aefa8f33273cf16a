"""Valid definitions with sensible defaults, for tests of every room."""

from chalicelib.kernel.definitions.definition import BuildDefinition, DeploymentJob
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, PipelinePhase, PipelineStep, StepType
from chalicelib.kernel.definitions.run_request import Beginning, RunRequest
from chalicelib.kernel.plans.plan import Concurrency, Parent
from slipway_formats.build_step import BuildStep
from tests.builders import NOON


def a_build(name: str = "app", *steps: BuildStep, branch: str = "main") -> BuildDefinition:
    return BuildDefinition(
        id="B1",
        project="web",
        environment="staging",
        name=name,
        repo="file:///srv/app.git",
        branch=branch,
        steps=steps or (BuildStep(),),
        webhook_token=f"token-{name}",
        created_at=NOON,
    )


def a_job(environment: str = "staging", deployment: str = "demo/app", query: str = "latest") -> DeploymentJob:
    return DeploymentJob(
        id="D1",
        project="web",
        environment=environment,
        deployment=deployment,
        release="demo/app",
        query=query,
        created_at=NOON,
    )


def a_pipeline(
    *phases: PipelinePhase, name: str = "release", concurrency: Concurrency = Concurrency.PARALLEL
) -> PipelineDefinition:
    return PipelineDefinition(
        id="P1",
        project="web",
        name=name,
        phases=phases or (a_phase(PipelineStep(type=StepType.NOOP)),),
        concurrency=concurrency,
        created_at=NOON,
    )


def a_phase(*steps: PipelineStep, environment: str = "staging") -> PipelinePhase:
    return PipelinePhase(name="", environment=environment, steps=steps)


def noop(name: str, *needs: str) -> PipelineStep:
    return PipelineStep(name=name, type=StepType.NOOP, needs=needs)


def a_run_ask(run: str = "RUN1", number: int = 1, parent: Parent | None = None) -> RunRequest:
    return RunRequest(beginning=Beginning(id=run, by="ada", parent=parent), number=number, at=NOON, secret="s3cret")
