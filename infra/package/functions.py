"""Functions beside the API as SAM resources: their triggers, aliases, roles and log groups.

They are plain handlers, not Chalice's, so they import neither app.py nor Chalice, and all their triggers are our own
(Chalice does not support partial batches).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.package.invoked import alias, triggers
from infra.policies import functions as rights
from infra.policies.rights import Rights, policy
from infra.resources import QUEUES, QueueDefinition

LOG_DAYS = 30
CODE, PAGES_CODE = "./slipway.zip", "./slipway-pages.zip"
"""Zips, as the template names them."""

VISIBILITY_PER_TIMEOUT = 6
"""AWS recommends a visibility timeout of six times the function's timeout."""

Resource = dict[str, Any]
Resources = dict[str, Resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A queue that triggers a function. most: maximum concurrent batches."""

    queue: str
    batch: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of chalicelib/functions. name: of its module. seconds: timeout.

    others: how many invocations that no queue makes it has room for, where concurrency is reserved. code: its zip,
    beside the template; blank for that of the API.
    """

    name: str
    rights: Rights
    sources: tuple[Source, ...] = ()
    schedule: str | None = None
    seconds: int
    megabytes: int = 512
    others: int = 0
    code: str = ""

    @property
    def share(self) -> int:
        """The concurrency that it reserves, if any is reserved: all that its queues may take, and the others."""
        return sum(source.most for source in self.sources) + self.others


def _seconds(*queues: str) -> int:
    return min(queue.seconds for queue in QUEUES if queue.name in queues) // VISIBILITY_PER_TIMEOUT


FUNCTIONS = (
    Function(
        name="advance",
        rights=rights.ADVANCE,
        sources=(Source(queue="events", batch=10, most=50), Source(queue="timers", batch=3, most=20)),
        seconds=_seconds("events", "timers"),
    ),
    # Batches of one: each may wait for another system as long as a call may take.
    Function(
        name="effects",
        rights=rights.EFFECTS,
        sources=(Source(queue="effects", batch=1, most=20),),
        seconds=_seconds("effects"),
    ),
    # Batches of one: each reads a package of up to 16 GiB. Its share of a processor goes by its memory.
    Function(
        name="checks",
        rights=rights.CHECKS,
        sources=(Source(queue="checks", batch=1, most=10),),
        seconds=_seconds("checks"),
        megabytes=1769,
    ),
    # Batches of one: each may wait for a connection that is about to open.
    Function(
        name="live",
        rights=rights.LIVE,
        sources=(Source(queue="live", batch=1, most=50),),
        seconds=_seconds("live"),
        others=50,
    ),
    # As much memory, and so as much of a processor, as the API: people wait for both.
    Function(name="pages", rights=rights.PAGES, seconds=29, megabytes=1024, code=PAGES_CODE),
    # One, so that sweeps do not overlap.
    Function(name="sweep", rights=rights.SWEEP, schedule="cron(* * * * ? *)", seconds=55, others=1),
)


def logical(name: str) -> str:
    """Return the logical id of a function."""
    return f"{name.capitalize()}Function"


def logs_id(name: str) -> str:
    """Return the logical id of a function's log group."""
    return f"{name.capitalize()}Logs"


def log_group(name: str) -> Resource:
    """Return the log group of a function, with its retention."""
    properties = {"LogGroupName": {"Fn::Sub": f"/aws/lambda/${{Prefix}}{name}"}, "RetentionInDays": LOG_DAYS}
    kept = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
    return {"Type": "AWS::Logs::LogGroup", **kept, "Properties": properties}


def resources(function: Function, common: Mapping[str, Any]) -> Resources:
    """Return the function, its alias, triggers, role and log group. common: properties that it shares with the API."""
    role, own = f"{function.name.capitalize()}Role", logical(function.name)
    properties = {**common, **_own(function), "Role": {"Fn::GetAtt": [role, "Arn"]}}
    made: Resources = {
        logs_id(function.name): log_group(function.name),
        role: _role(function),
        own: {"Type": "AWS::Serverless::Function", "Properties": properties},
        **alias.resources(own),
    }
    for source in function.sources:
        made |= triggers.of_queue(own, _definition(source.queue), batch=source.batch, most=source.most)
    return made if function.schedule is None else made | triggers.of_schedule(own, function.schedule)


def named(name: str) -> dict[str, Any]:
    """Return the properties for the function's name and its log group."""
    return {
        "FunctionName": {"Fn::Sub": f"${{Prefix}}{name}"},
        "LoggingConfig": {
            "LogGroup": {"Ref": logs_id(name)},
            "LogFormat": "JSON",
            "ApplicationLogLevel": "INFO",
            # At INFO Lambda tells of each call's begin and end, which at many calls costs more than the calls.
            "SystemLogLevel": "WARN",
        },
    }


def _own(function: Function) -> dict[str, Any]:
    reserved = {"Fn::If": ["ReservesConcurrency", function.share, {"Ref": "AWS::NoValue"}]}
    return {
        **named(function.name),
        "Handler": f"chalicelib.functions.{function.name}.handle",
        "Timeout": function.seconds,
        "MemorySize": function.megabytes,
        **({"ReservedConcurrentExecutions": reserved} if function.share else {}),
        **({"CodeUri": function.code} if function.code else {}),
    }


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
