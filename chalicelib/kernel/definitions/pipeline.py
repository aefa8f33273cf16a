"""Pipelines as they are defined: phases with gates and steps. What a run does is compiled from them, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.access.actor import Actor
from chalicelib.kernel.plans.plan import Concurrency, DecidedBy, OverriddenBy, Promotion
from chalicelib.kernel.plans.work import Qualifier, Ticket, VersionRule, Window
from chalicelib.kernel.trains.completion import DEFAULT, Completion
from slipway_formats.frozen import frozen


class StepType(StrEnum):
    """The types of a step."""

    BUILD = "build"
    PIPELINE_TRIGGER = "pipeline-trigger"
    WEBHOOK_TRIGGER = "webhook-trigger"
    CONFIRMATION = "confirmation"
    DEPLOY = "deploy"
    RUN_SMOKE = "run-smoke"
    RUN_DESTROY = "run-destroy"
    RUN_ERRAND = "run-errand"
    TAG_RELEASE = "tag-release"
    WAIT = "wait"
    SCHEDULE = "schedule"
    NOTIFY = "notify"
    GROUP = "group"
    SCRIPT = "script"
    NOOP = "noop"
    MANUAL_TASK = "manual-task"
    IMPOSSIBLE = "impossible"


class GateType(StrEnum):
    """The types of a gate."""

    APPROVAL = "approval"
    SCHEDULE = "schedule"
    EXTERNAL_APPROVAL = "external-approval"
    TEST = "test"
    WINDOW = "window"


@frozen
class PipelineGate:
    """A gate, which must open before the steps of a phase begin. Its type decides which fields count.

    windows: in the time zone of the pipeline where they name none. key, decided_by: as of its node; empty for the
    usual. timezone: of its cron, if that of the pipeline is not meant. tickets: that it waits for besides.
    """

    key: str = ""
    name: str = ""
    type: GateType
    description: str = ""
    precondition: str = ""
    team: str = ""
    user: str = ""
    quorum: int = 1
    no_self_approval: bool = False
    expires_after: timedelta | None = None
    cron: str = ""
    system: str = ""
    ticket: str = ""
    tickets: tuple[Ticket, ...] = ()
    phase: str = ""
    qualifier: Qualifier = Qualifier.ALL_PASSED
    value: float = 0
    windows: tuple[Window, ...] = ()
    timezone: str = ""
    decided_by: DecidedBy | None = None


@frozen
class ScriptDeployment:
    """What a script leaves in State: a deployment named as an application. number: as people write the version."""

    project: str
    application: str
    version: str
    number: str


@frozen
class PipelineStep:
    """A step of a phase. Its type decides which fields count; the others are kept as they were given.

    key, decided_by: as of its node; empty for the usual. needs: names of steps of the phase, or keys that they were
    given. tag, tag_…: the tag to set after success, and on which release. webhook_secret: name of the secret that holds
    the whole webhook_url, if that contains secrets. errand_secrets: references of secret inputs, by name. variables: of
    a script, as its stage gives them. server, role: for which the script runs, by title. reports_tests: it may report
    the results of tests. stop_on_error: of a script, whether it ends at its first command that fails; None for one that
    was saved before that could be said, which goes on. deploys: of a script; None for what its snapshot leaves by
    itself, where one travels.
    """

    key: str = ""
    name: str = ""
    description: str = ""
    type: StepType
    project: str = ""
    environment: str = ""
    build: str = ""
    deployment: str = ""
    pipeline: str = ""
    wait_for_pipeline: bool = False
    webhook_url: str = ""
    webhook_secret: str = ""
    ignore_failure: bool = False
    errand_name: str = ""
    errand_inputs: Mapping[str, object] = field(default_factory=dict)
    errand_secrets: Mapping[str, str] = field(default_factory=dict)
    team: str = ""
    user: str = ""
    update_version: VersionRule = VersionRule.DONT_UPDATE
    update_version_deployment: str = ""
    update_version_environment: str = ""
    tag: str = ""
    namespace: str = ""
    application: str = ""
    tag_version: VersionRule = VersionRule.LAST_IN_RUN
    tag_tagged_version: str = ""
    trigger_pipeline_on_build: bool = False
    trigger_pipeline_on_deploy: bool = False
    seconds: int | None = None
    until: datetime | None = None
    cron: str = ""
    subject: str = ""
    message: str = ""
    to: tuple[str, ...] = ()
    script: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    server: str = ""
    role: str = ""
    pool: str = "default"
    no_network: bool = False
    api_token: bool = False
    reports_tests: bool = False
    timezone: str = ""
    decided_by: DecidedBy | None = None
    stop_on_error: bool | None = None
    deploys: tuple[ScriptDeployment, ...] | None = None
    steps: tuple[PipelineStep, ...] = ()
    needs: tuple[str, ...] = ()
    precondition: str = ""
    run_on_failure: bool = False
    timeout: timedelta | None = None
    attempts: int = 1
    backoff: timedelta = timedelta(0)


@frozen
class PipelinePhase:
    """A phase; phases run one after another. environment: of steps that name none; if exclusive, also locked.

    key, apart: as of its stage; empty for the usual. names: what preconditions in it may name besides.
    """

    key: str = ""
    name: str = ""
    environment: str = ""
    exclusive: bool = False
    promotion: Promotion = Promotion.AUTOMATIC
    names: Mapping[str, str] = field(default_factory=dict)
    apart: bool = False
    gates: tuple[PipelineGate, ...] = ()
    steps: tuple[PipelineStep, ...] = ()


@frozen
class WebhookSecret:
    """The secret with which a git host signs webhooks; the URL does not contain it. kept: name of the secret.

    read_by: who has read or rotated it, as `owner_key` writes them: they can sign a delivery themselves.
    """

    kept: str
    read_by: tuple[str, ...] = ()


@frozen
class PipelineTrigger:
    """A trigger of the pipeline from outside. type: `webhook` alone, so far. token: unguessable.

    branches: patterns of names; none for every branch.
    """

    id: str
    type: str = "webhook"
    token: str
    secret: WebhookSecret | None = None
    branches: tuple[str, ...] = ()


@frozen
class PipelineSettings:
    """Settings of a pipeline: phases in order. protected: only owners may change its gates, see guard.py.

    completion: what follows when a train's snapshot has succeeded in the last phase. ordered: a phase is entered only
    after the one before it succeeded. gates_in_order: as of a stage of the plan. skip_ci: as of a build.
    """

    disabled: bool = False
    skip_ci: bool = True
    protected: bool = False
    service_account_name: str = ""
    phases: tuple[PipelinePhase, ...] = ()
    concurrency: Concurrency = Concurrency.PARALLEL
    completion: Completion = DEFAULT
    ordered: bool = True
    timezone: str = "UTC"
    overridden_by: OverriddenBy = OverriddenBy.OWNERS
    gates_in_order: bool = True

    @property
    def supersedes(self) -> bool:
        """Whether a newer run that passes a phase's gates supersedes the older ones that wait there or before."""
        return self.concurrency is Concurrency.SUPERSEDE

    @property
    def goes_singly(self) -> bool:
        """Whether its runs wait for one another: in a queue, or before an environment."""
        waits = (phase.exclusive or (self.supersedes and phase.environment) for phase in self.phases)
        return self.concurrency is Concurrency.QUEUE or any(waits)


RAFT_ITEM = "raft-item/"
"""What the id of a pipeline of a raft begins with."""


@frozen
class PipelineDefinition(PipelineSettings):
    """A pipeline of a project."""

    id: str
    project: str
    name: str
    triggers: tuple[PipelineTrigger, ...] = ()
    created_at: datetime
    acts_for: Actor | None = None
    version: int = 0

    @property
    def is_of_raft(self) -> bool:
        """Return True if the pipeline stands in a raft, where alone it is changed."""
        return self.id.startswith(RAFT_ITEM)


@frozen
class PlacedStep:
    """A step, how its plan and its definition name it, and the group it stands in. path: `steps[1].steps[0]`."""

    key: str
    path: str
    step: PipelineStep
    group: str | None = None


def placed_steps(phase: PipelinePhase) -> tuple[PlacedStep, ...]:
    """The steps of a phase with those of its groups, in order: `s1`, `s2`, … in the plan."""
    walked = _walked(phase.steps, "", "")
    keys: dict[str, str] = {}
    placed: list[PlacedStep] = []
    for number, (path, around, step) in enumerate(walked, start=1):
        keys[path] = step.key or f"s{number}"
        placed.append(PlacedStep(key=keys[path], path=path, step=step, group=keys.get(around)))
    return tuple(placed)


def gate_key(gate: PipelineGate, place: int) -> str:
    """The key of a phase's gate in the plan. place: from 0."""
    return gate.key or f"g{place + 1}"


def stage_key(phase: PipelinePhase, place: int) -> str:
    """The key of a phase in the plan. place: from 0."""
    return phase.key or f"p{place + 1}"


def tag_key(step: str) -> str:
    """The key of the node that writes the tag of a step."""
    return f"{step}-tag"


def _walked(steps: tuple[PipelineStep, ...], prefix: str, around: str) -> Iterator[tuple[str, str, PipelineStep]]:
    for place, step in enumerate(steps):
        path = f"{prefix}steps[{place}]"
        yield path, around, step
        yield from _walked(step.steps, f"{path}.", path)
