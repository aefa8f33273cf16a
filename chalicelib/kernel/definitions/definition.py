"""Builds and deployment jobs as they are defined. Pipelines stand in pipeline.py, what is run in plans/plan.py."""

from collections.abc import Mapping
from dataclasses import field, fields, replace
from datetime import datetime
from typing import TypeVar

from chalicelib.kernel.access.actor import Actor
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, PipelineSettings, WebhookSecret
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from slipway_formats.build_step import BuildStep
from slipway_formats.frozen import frozen


@frozen
class BuildSettings:
    """Settings of a build. repo: a URL, or the name of one of the project's repositories.

    skip_ci: whether a push is skipped whose newest commit says `[skip ci]` in its message.
    """

    repo: str = ""
    branch: str = ""
    disabled: bool = False
    steps: tuple[BuildStep, ...] = ()
    steps_from_yml: bool = False
    remote_escape_worker_url: str = ""
    service_account_name: str = ""
    service_account_team: str = ""
    skip_ci: bool = True


@frozen
class BuildDefinition(BuildSettings):
    """A build of an environment.

    private_key, escape_auth_token: names of secrets. webhook_token: unguessable; finds this build. acts_for: who saved
    it last; None for old records. step_secrets: for each step, the references of secret variables, by name.
    """

    id: str
    project: str
    environment: str
    name: str
    step_secrets: tuple[Mapping[str, str], ...] = ()
    private_key: str = ""
    escape_auth_token: str = ""
    webhook_token: str
    webhook_secret: WebhookSecret | None = None
    created_at: datetime
    acts_for: Actor | None = None
    version: int = 0


@frozen
class JobSettings:
    """Settings of a deployment job. release: `namespace/application`. query: a version query."""

    name: str = ""
    release: str = ""
    query: str = "latest"
    inputs: Mapping[str, object] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)
    service_account_name: str = ""
    disabled: bool = False


@frozen
class DeploymentJob(JobSettings):
    """A deployment job: deploys a release under a name in an environment. secrets: references of secret inputs."""

    id: str
    project: str
    environment: str
    deployment: str
    secrets: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime
    acts_for: Actor | None = None
    version: int = 0


Settings = BuildSettings | JobSettings | PipelineSettings
Definition = BuildDefinition | DeploymentJob | PipelineDefinition
Kind = TypeVar("Kind", BuildDefinition, DeploymentJob, PipelineDefinition)


def with_settings(definition: Kind, settings: Settings) -> Kind:
    """Return the definition with its settings replaced."""
    return replace(definition, **{one.name: getattr(settings, one.name) for one in fields(settings)})


def ref_of(definition: Definition) -> DefinitionRef:
    """Return the reference by which runs and other definitions name this one."""
    match definition:
        case BuildDefinition():
            return build_ref(definition.project, definition.environment, definition.name)
        case DeploymentJob():
            return job_ref(definition.project, definition.environment, definition.deployment)
        case PipelineDefinition():
            return pipeline_ref(definition.project, definition.name)


def build_ref(project: str, environment: str, name: str) -> DefinitionRef:
    """The build of that name."""
    return DefinitionRef(kind=DefinitionKind.BUILD, project=project, environment=environment, name=name)


def job_ref(project: str, environment: str, deployment: str) -> DefinitionRef:
    """The job of that deployment."""
    return DefinitionRef(kind=DefinitionKind.DEPLOYMENT_JOB, project=project, environment=environment, name=deployment)


def pipeline_ref(project: str, name: str) -> DefinitionRef:
    """The pipeline of that name."""
    return DefinitionRef(kind=DefinitionKind.PIPELINE, project=project, name=name)


def title(ref: DefinitionRef) -> str:
    """The definition in words, for messages."""
    place = f"{ref.project}/{ref.environment}" if ref.environment else ref.project
    return f"{ref.kind.replace('-', ' ')} {ref.name} in {place}"
