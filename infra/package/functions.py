"""The functions beside the API, as SAM takes them: what wakes each, its role, its logs.

They are plain handlers, not Chalice's: so they load neither app.py nor Chalice, and everything that wakes them stands
here, in one place (Chalice knows nothing of partial batches).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.policies import functions as rights
from infra.policies.rights import Rights, policy, queue_id
from infra.resources import QUEUES, QueueDefinition

LOG_DAYS = 30
VISIBILITY_PER_TIMEOUT = 6
"""AWS advises a queue to hide a message six times as long as its function may take."""

Resource = dict[str, Any]
Resources = dict[str, Resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A queue that wakes a function. most: batches at once."""

    queue: str
    batch: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of chalicelib/functions. name: of its module. seconds: it may take. alone: never twice at once."""

    name: str
    rights: Rights
    sources: tuple[Source, ...] = ()
    schedule: str | None = None
    seconds: int
    megabytes: int = 512
    alone: bool = False


def _seconds(*queues: str) -> int:
    return min(queue.seconds for queue in QUEUES if queue.name in queues) // VISIBILITY_PER_TIMEOUT


FUNCTIONS = (
    Function(
        name="advance",
        rights=rights.ADVANCE,
        sources=(Source(queue="events", batch=10, most=50), Source(queue="timers", batch=3, most=20)),
        seconds=_seconds("events", "timers"),
    ),
    # One at a time: each may wait for another system as long as a call may take.
    Function(
        name="effects",
        rights=rights.EFFECTS,
        sources=(Source(queue="effects", batch=1, most=20),),
        seconds=_seconds("effects"),
    ),
    # One at a time: each may wait for a connection that is about to open.
    Function(
        name="live",
        rights=rights.LIVE,
        sources=(Source(queue="live", batch=1, most=50),),
        seconds=_seconds("live"),
    ),
    Function(name="sweep", rights=rights.SWEEP, schedule="cron(* * * * ? *)", seconds=55, alone=True),
)


def logical(name: str) -> str:
    """The logical name of a function."""
    return f"{name.capitalize()}Function"


def logs_id(name: str) -> str:
    """The logical name of a function's log group."""
    return f"{name.capitalize()}Logs"


def log_group(name: str) -> Resource:
    """The log group of a function, which lets go of what is old."""
    properties = {"LogGroupName": {"Fn::Sub": f"/aws/lambda/${{Prefix}}{name}"}, "RetentionInDays": LOG_DAYS}
    kept = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
    return {"Type": "AWS::Logs::LogGroup", **kept, "Properties": properties}


def resources(function: Function, common: Mapping[str, Any]) -> Resources:
    """The function, its role and its log group. common: what it has in common with the API."""
    role = f"{function.name.capitalize()}Role"
    properties = {
        **common,
        **_own(function),
        "Role": {"Fn::GetAtt": [role, "Arn"]},
        "Events": {**_source_events(function), **_schedule_events(function)},
    }
    return {
        logs_id(function.name): log_group(function.name),
        role: _role(function),
        logical(function.name): {"Type": "AWS::Serverless::Function", "Properties": properties},
    }


def named(name: str) -> dict[str, Any]:
    """By which name AWS knows the function, and where its logs go."""
    return {
        "FunctionName": {"Fn::Sub": f"${{Prefix}}{name}"},
        "LoggingConfig": {"LogGroup": {"Ref": logs_id(name)}},
    }


def _own(function: Function) -> dict[str, Any]:
    reserved = {"Fn::If": ["ReservesConcurrency", 1, {"Ref": "AWS::NoValue"}]}
    return {
        **named(function.name),
        "Handler": f"chalicelib.functions.{function.name}.handle",
        "Timeout": function.seconds,
        "MemorySize": function.megabytes,
        **({"ReservedConcurrentExecutions": reserved} if function.alone else {}),
    }


def _source_events(function: Function) -> dict[str, Any]:
    return {queue_id(source.queue): _event(source, _definition(source.queue)) for source in function.sources}


def _event(source: Source, queue: QueueDefinition) -> dict[str, Any]:
    window = {} if queue.is_fifo else {"MaximumBatchingWindowInSeconds": 0}
    properties = {
        "Queue": {"Fn::GetAtt": [queue_id(queue.name), "Arn"]},
        "BatchSize": source.batch,
        **window,
        "ScalingConfig": {"MaximumConcurrency": source.most},
        # Without this, what the handler says of failed messages is ignored, and they are lost without a word.
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }
    return {"Type": "SQS", "Properties": properties}


def _schedule_events(function: Function) -> dict[str, Any]:
    if function.schedule is None:
        return {}
    return {"Minute": {"Type": "Schedule", "Properties": {"Schedule": function.schedule}}}


def _definition(name: str) -> QueueDefinition:
    return next(queue for queue in QUEUES if queue.name == name)


def _role(function: Function) -> Resource:
    who = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = policy(function.rights, logs_id(function.name))
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [who]},
            "Policies": [{"PolicyName": f"{function.name}-policy", "PolicyDocument": document}],
        },
    }
