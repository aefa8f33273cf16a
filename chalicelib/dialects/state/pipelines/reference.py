"""What each type of step and gate does, which fields count for it, and an example of it.

docs/pipeline.md and the JSON Schema are made from it. Tests hold the fields to what is compiled from them, and run the
examples. The fields themselves: shapes.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.dialects.state.pipelines.field_texts import TAGGING
from chalicelib.http.reply import Json
from chalicelib.kernel.definitions.pipeline import GateType, StepType

HOW_IT_RUNS = ("needs", "precondition", "ignore_failure", "run_on_failure", "timeout", "attempts", "backoff")
EVERY_STEP = ("name", *HOW_IT_RUNS, "tag", *TAGGING)
"""Fields that count for each step; those from `tag` on write a tag after its own work."""

EVERY_GATE = ("name", "description", "precondition")
"""Fields that count for each gate."""

ACTION = ("project", "environment", "deployment", "errand_inputs")


@dataclass(frozen=True, slots=True)
class TypeReference:
    """A type of step or gate. fields: that count besides those of every one; needed: of these, what it must have.

    one_of: fields of which it must have exactly one.
    """

    does: str
    example: Mapping[str, Json]
    fields: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()


STEPS: Mapping[StepType, TypeReference] = {
    StepType.BUILD: TypeReference(
        does="Run a build of an environment, and go on when it has ended.",
        fields=("project", "environment", "build", "trigger_pipeline_on_build"),
        needed=("build",),
        example={"type": "build", "environment": "ci", "build": "app"},
    ),
    StepType.DEPLOY: TypeReference(
        does="Deploy by a deployment job; `update_version` says which version.",
        fields=(
            *ACTION,
            "update_version",
            "update_version_deployment",
            "update_version_environment",
            "trigger_pipeline_on_deploy",
        ),
        needed=("deployment",),
        example={
            "type": "deploy",
            "name": "rollout",
            "environment": "staging",
            "deployment": "app",
            "update_version": "latest-version",
        },
    ),
    StepType.RUN_SMOKE: TypeReference(
        does="Run the smoke test of what a deployment job has deployed.",
        fields=ACTION,
        needed=("deployment",),
        example={"type": "run-smoke", "environment": "staging", "deployment": "app", "timeout": 600},
    ),
    StepType.RUN_DESTROY: TypeReference(
        does="Take down what a deployment job has deployed.",
        fields=ACTION,
        needed=("deployment",),
        example={"type": "run-destroy", "environment": "staging", "deployment": "app"},
    ),
    StepType.RUN_ERRAND: TypeReference(
        does="Run an errand of what a deployment job has deployed.",
        fields=(*ACTION, "errand_name"),
        needed=("deployment", "errand_name"),
        example={
            "type": "run-errand",
            "environment": "staging",
            "deployment": "app",
            "errand_name": "warm-up",
            "errand_inputs": {"pages": "20"},
        },
    ),
    StepType.SCRIPT: TypeReference(
        does="Run a shell script on a machine of a pool.",
        fields=("environment", "script", "pool", "no_network", "api_token", "stop_on_error"),
        needed=("script",),
        example={"type": "script", "name": "hello", "script": "echo hello", "attempts": 3, "backoff": 10},
    ),
    StepType.PIPELINE_TRIGGER: TypeReference(
        does="Start a run of another pipeline; with `wait_for_pipeline` this step ends with it.",
        fields=("project", "pipeline", "wait_for_pipeline"),
        needed=("pipeline",),
        example={"type": "pipeline-trigger", "pipeline": "nightly", "wait_for_pipeline": True},
    ),
    StepType.WEBHOOK_TRIGGER: TypeReference(
        does="Call another system by HTTP; secrets in the address are kept apart and shown as ***.",
        fields=("webhook_url",),
        needed=("webhook_url",),
        example={"type": "webhook-trigger", "webhook_url": "https://ci.example.org/started"},
    ),
    StepType.NOTIFY: TypeReference(
        does="Send a message to addresses; without any, it stands in the run alone.",
        fields=("subject", "message", "to"),
        needed=("subject",),
        example={
            "type": "notify",
            "subject": "Released",
            "message": "The application is in staging.",
            "to": ["https://hooks.example.org/releases"],
        },
    ),
    StepType.CONFIRMATION: TypeReference(
        does="Wait until somebody of a team, or a user, confirms or rejects; without either, whoever may write.",
        fields=("team", "user"),
        example={"type": "confirmation", "name": "looks right", "timeout": 86400},
    ),
    StepType.MANUAL_TASK: TypeReference(
        does="Wait until somebody has done by hand what `message` says.",
        fields=("team", "user", "message"),
        example={"type": "manual-task", "message": "Tell the support desk."},
    ),
    StepType.WAIT: TypeReference(
        does="Wait for a while, or until an instant.",
        fields=("seconds", "until"),
        one_of=("seconds", "until"),
        example={"type": "wait", "seconds": 300},
    ),
    StepType.SCHEDULE: TypeReference(
        does="Wait until a Quartz cron fires, in the time zone of the pipeline.",
        fields=("cron",),
        needed=("cron",),
        example={"type": "schedule", "cron": "0 0 3 ? * MON-FRI"},
    ),
    StepType.TAG_RELEASE: TypeReference(
        does="Write a tag, and do nothing else.",
        needed=("tag", "namespace", "application"),
        example={
            "type": "tag-release",
            "tag": "tested",
            "namespace": "demo",
            "application": "app",
            "tag_version": "highest-version-in-pipeline",
        },
    ),
    StepType.GROUP: TypeReference(
        does="Hold steps together: it succeeds when all of them have, and they begin when it does.",
        fields=("steps",),
        needed=("steps",),
        example={
            "type": "group",
            "name": "checks",
            "steps": [
                {"type": "script", "name": "style", "script": "echo style"},
                {"type": "script", "name": "types", "script": "echo types", "needs": ["style"]},
            ],
        },
    ),
    StepType.NOOP: TypeReference(
        does="Succeed at once; others may wait for it by `needs`.",
        example={"type": "noop", "name": "all checked"},
    ),
    StepType.IMPOSSIBLE: TypeReference(
        does="Fail with `message`; what comes from other formats and cannot be done here becomes one.",
        fields=("message",),
        example={"type": "impossible", "message": "No runner here speaks this.", "ignore_failure": True},
    ),
}

GATES: Mapping[GateType, TypeReference] = {
    GateType.APPROVAL: TypeReference(
        does="Open when enough people have approved; without a team or user, anybody who may write.",
        fields=("team", "user", "quorum", "no_self_approval", "expires_after"),
        example={"type": "approval", "name": "go", "quorum": 2, "no_self_approval": True, "expires_after": 86400},
    ),
    GateType.SCHEDULE: TypeReference(
        does="Open when a Quartz cron fires, in the time zone of the pipeline.",
        fields=("cron",),
        needed=("cron",),
        example={"type": "schedule", "cron": "0 0 8 ? * MON-FRI"},
    ),
    GateType.WINDOW: TypeReference(
        does="Open within windows of time; it is asked again before each step begins.",
        fields=("windows",),
        needed=("windows",),
        example={"type": "window", "windows": [{"opens": "0 0 8 ? * MON-FRI", "closes": "0 0 17 ? * MON-FRI"}]},
    ),
    GateType.EXTERNAL_APPROVAL: TypeReference(
        does="Open when another system has approved, such as a change board by its ticket.",
        fields=("system", "ticket"),
        needed=("system", "ticket"),
        example={"type": "external-approval", "system": "change board", "ticket": "CHG-1204"},
    ),
    GateType.TEST: TypeReference(
        does="Open when the results of tests that an earlier phase reported are good enough.",
        fields=("phase", "qualifier", "value"),
        needed=("phase",),
        example={"type": "test", "phase": "build", "qualifier": "percent-passed-at-least", "value": 95},
    ),
}
