"""What a project has in stories: two environments, a repository, a build, a deployment job, a pipeline, a release."""

from typing import Any

from chalicelib.kernel.definitions.definition import BuildSettings, JobSettings
from chalicelib.kernel.definitions.pipeline import PipelinePhase, PipelineSettings, PipelineStep, StepType
from chalicelib.use_cases.definitions.builds import SaveBuild, create_build
from chalicelib.use_cases.definitions.deployment_jobs import SaveJob, create_deployment_job
from chalicelib.use_cases.definitions.pipelines import SavePipeline, create_pipeline
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.environments import SaveEnvironment, create_environment
from chalicelib.use_cases.projects.projects import ProjectSettings, SaveProject, create_project
from chalicelib.use_cases.projects.repositories import SaveRepository, create_repository
from chalicelib.use_cases.releases.register import Register, register
from slipway_formats.build_step import BuildStep
from slipway_formats.release import Metadata
from tests.crash.house import CrashHouse
from tests.crash.stories.story import an_origin

GIVEN = an_origin("given")
"""Of what was there before."""

BUILD = BuildSettings(repo="app", branch="main", steps=(BuildStep(),))
JOB = JobSettings(release="demo/app")
NOOP_STEP = PipelineStep(name="wait for nobody", type=StepType.NOOP)
CALL_STEP = PipelineStep(
    name="call",
    type=StepType.WEBHOOK_TRIGGER,
    webhook_url="https://hook.example/?token=abc",
    needs=("wait for nobody",),
)


def a_phase(*steps: PipelineStep) -> PipelineSettings:
    """A pipeline of one phase in staging."""
    return PipelineSettings(phases=(PipelinePhase(name="only", environment="staging", steps=steps),))


def a_project(_house: CrashHouse, ports: Ports) -> None:
    """A project without anything."""
    create_project(ports, SaveProject(origin=GIVEN, name="web", settings=ProjectSettings(description="it")))


def environments(house: CrashHouse, ports: Ports) -> None:
    """A project with two environments and a repository."""
    a_project(house, ports)
    for name in ("staging", "production"):
        create_environment(ports, SaveEnvironment(origin=GIVEN, project="web", name=name))
    repository = SaveRepository(
        origin=GIVEN,
        project="web",
        name="app",
        url="https://git.example/app.git",
        branch="main",
        private_key="key of the repository",
    )
    create_repository(ports, repository)


def definitions(house: CrashHouse, ports: Ports) -> None:
    """All that a project can have, and a release to be deployed."""
    environments(house, ports)
    place: dict[str, Any] = {"project": "web", "environment": "staging"}
    create_build(ports, SaveBuild(origin=GIVEN, **place, name="app", settings=BUILD, private_key="key of the build"))
    create_deployment_job(ports, SaveJob(origin=GIVEN, **place, deployment="app", settings=JOB))
    pipeline(house, ports)
    release(ports, "1.0")


def a_calling_pipeline(house: CrashHouse, ports: Ports) -> None:
    """A pipeline with a step that calls an address of which a part is secret."""
    environments(house, ports)
    pipeline(house, ports, NOOP_STEP, CALL_STEP)


def pipeline(_house: CrashHouse, ports: Ports, *steps: PipelineStep) -> None:
    """A pipeline of these steps."""
    settings = a_phase(*(steps or (NOOP_STEP,)))
    create_pipeline(ports, SavePipeline(origin=GIVEN, project="web", name="release", settings=settings))


def release(ports: Ports, version: str) -> None:
    """A release of the application that is deployed."""
    origin = an_origin(f"release {version}")
    register(
        ports, Register(origin=origin, namespace="demo", metadata=Metadata(name="app", version=version), owner="web")
    )
