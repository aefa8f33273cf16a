"""What each field of a pipeline file means, in one line. Which count for which type: reference.py."""

from collections.abc import Mapping

TAGGING = ("namespace", "application", "tag_version", "tag_tagged_version")
"""Fields of a step that say on which release its `tag` is written."""

READ_ONLY = frozenset({"status", "reason", "started_at", "finished_at", "opens_at", "execution_id"}) | frozenset(
    {"confirmation_code", "warnings", "permission", "webhooktoken"}
)
"""Fields that are only answered; sent back they change nothing."""

PIPELINE: Mapping[str, str] = {
    "name": "How it is called within its project.",
    "phases": "Its phases, which run one after another.",
    "triggers": "Webhooks that start it; they keep their addresses when it is saved again.",
    "concurrency": "What becomes of runs at once: all go on, they stand in line, or a newer one supersedes older ones.",
    "timezone": "IANA name of the time zone of its crons.",
    "service_account_name": "The service account as which it runs.",
    "disabled": "Whether nothing may start it.",
    "protected": "Whether owners alone may change its gates and their order; unchanged if left out.",
    "skip_ci": "Whether a push whose newest commit says [skip ci] starts nothing.",
    "project": "Read-only: where it stands.",
}
TRIGGER: Mapping[str, str] = {
    "id": "Of one that is there; without it, the next that is there, else a new one.",
    "type": "Its kind.",
    "branches": "Names of branches that start it, in which * stands for any characters; all if left out.",
    "rotate": "Whether it gets a new address.",
}
PHASE: Mapping[str, str] = {
    "name": "How it is called; `phase 1` and so on if left out.",
    "environment": "Of its steps that name none.",
    "exclusive": "Whether no other run may be in the environment until the phase ends.",
    "promotion": "Whether it begins by itself after the phase before, or when somebody says so.",
    "gates": "What must open, one after another, before its steps begin.",
    "steps": "What is done: side by side, but for what `needs` says.",
}
STEP: Mapping[str, str] = {
    "type": "What it does.",
    "name": "How it is called; by default its type and position.",
    "needs": "Names of steps of this phase that must have succeeded before it begins.",
    "precondition": "A condition; where it does not hold, the step is skipped.",
    "ignore_failure": "Whether its failure counts as success for the phase.",
    "run_on_failure": "Whether it begins although a step of the phase has failed, as what cleans up does.",
    "timeout": "Seconds after which it fails.",
    "attempts": "How often it is tried.",
    "backoff": "Seconds before it is tried again, doubled each time.",
    "tag": "The tag to write once its own work has succeeded.",
    "namespace": "Of the release that gets the tag.",
    "application": "Of the release that gets the tag.",
    "tag_version": "Which of its releases gets the tag; by default the last that this run built or deployed.",
    "tag_tagged_version": "The tag that names a release, where a rule is tagged-version.",
    "project": "Where its definition stands; by default the pipeline's project.",
    "environment": "Where its definition stands, or it runs; by default the phase's.",
    "build": "The name of the build.",
    "deployment": "The name of the deployment job.",
    "pipeline": "The name of the pipeline.",
    "wait_for_pipeline": "Whether it ends with the run that it starts, in that run's outcome.",
    "trigger_pipeline_on_build": "Whether this build's success elsewhere starts a run of this pipeline.",
    "trigger_pipeline_on_deploy": "Whether this job's success elsewhere starts a run of this pipeline.",
    "update_version": "Which version is deployed; by default the one that the job names.",
    "update_version_deployment": "The job whose last version is taken, by version-from-deployment-job.",
    "update_version_environment": "The environment of that job; by default the step's.",
    "errand_name": "The name of the errand.",
    "errand_inputs": "Inputs by name, over those of the job, or of the errand; a secret one is {secret: …}.",
    "webhook_url": "The address to call.",
    "script": "Its text; a first line that begins with #! says what runs it.",
    "pool": "The pool of runners that may do it.",
    "no_network": "Whether it has no network.",
    "api_token": "Whether it gets a token for the API, in $SLIPWAY_TOKEN; the address is in $SLIPWAY_API.",
    "stop_on_error": "Whether it ends at its first command that fails.",
    "team": "Whose members may decide.",
    "user": "The user who may decide.",
    "subject": "Of the message.",
    "message": "Text of the message, or what is to be done.",
    "to": "Addresses that get the message.",
    "seconds": "How long to wait.",
    "until": "The instant to wait for.",
    "cron": "A Quartz cron; several joined by ; fire when any does.",
    "steps": "The steps in it.",
}
GATE: Mapping[str, str] = {
    "type": "What opens it.",
    "name": "How it is called; by default its type and position.",
    "description": "What people are told of it.",
    "precondition": "A condition; where it does not hold, the gate is skipped.",
    "team": "Whose members may decide.",
    "user": "The user who may decide.",
    "quorum": "How many must approve.",
    "no_self_approval": "Whether whoever began the run may not approve.",
    "expires_after": "Seconds after which it is rejected.",
    "cron": "A Quartz cron; several joined by ; fire when any does.",
    "windows": "The windows; it is open within any of them.",
    "system": "What the other system is called.",
    "ticket": "The ticket there.",
    "phase": "The name of the earlier phase that reported.",
    "qualifier": "How results are judged.",
    "value": "The count or percentage that the qualifier means.",
}
WINDOW: Mapping[str, str] = {"opens": "A Quartz cron that opens it.", "closes": "A Quartz cron that closes it."}
