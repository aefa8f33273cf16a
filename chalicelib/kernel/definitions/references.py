"""Which fields of a definition may name something of another project, and what has to be permitted there.

A test holds that every field of text which a definition has, however deep, stands in one of the two tables below.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from chalicelib.kernel import names
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.compile_step import writes_tag
from chalicelib.kernel.definitions.definition import BuildDefinition, Definition, DeploymentJob
from chalicelib.kernel.definitions.handles import awaits_ending
from chalicelib.kernel.definitions.pipeline import (
    PipelineDefinition,
    PipelineGate,
    PipelinePhase,
    PipelineStep,
    PipelineTrigger,
    ScriptDeployment,
    StepType,
    WebhookSecret,
)
from chalicelib.kernel.plans.plan import DecidedBy
from chalicelib.kernel.plans.work import Ticket, Window
from slipway_formats.build_step import BuildStep
from slipway_formats.frozen import frozen


class ReferenceKind(StrEnum):
    """What a reference names."""

    PROJECT = "project"
    NAMESPACE = "namespace"


@frozen
class Reference:
    """A reference in a field. path: of the field. level: required in the project, or in the namespace's project."""

    path: str
    kind: ReferenceKind
    name: str
    level: Level


def references(definition: Definition) -> Iterator[Reference]:
    """Yield all references of a definition that may point into another project, in the order of its fields."""
    return _in_record(definition, "")


def _in_record(record: object, path: str) -> Iterator[Reference]:
    kind: Any = type(record)
    reading = FOREIGN.get(kind, {})
    for name in _fields_of(kind):
        # Most fields are blank, and each save of a pipeline looks through all of all steps.
        if held := getattr(record, name):
            found = reading[name](record) if name in reading else None
            if found is not None:
                of, named, level = found
                yield Reference(path=f"{path}{name}", kind=of, name=named, level=level)
            yield from _in_field(held, f"{path}{name}")


def _in_field(held: object, place: str) -> Iterator[Reference]:
    if isinstance(held, tuple):
        for number, part in enumerate(held):
            yield from _in_record(part, f"{place}[{number}].") if is_dataclass(part) else ()
    elif is_dataclass(held):
        yield from _in_record(held, f"{place}.")


@cache
def _fields_of(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - any record of a definition
    return tuple(one.name for one in fields(kind))


def _project_of_step(step: PipelineStep) -> "_Found":
    # To hear of an ending, reading is enough; whether the step may start what it names is asked again then.
    return ReferenceKind.PROJECT, step.project, Level.READ if awaits_ending(step) else Level.WRITE


def _namespace_of_step(step: PipelineStep) -> "_Found | None":
    is_tagged = writes_tag(step) or step.type is StepType.TAG_RELEASE
    return (ReferenceKind.NAMESPACE, step.namespace, Level.WRITE) if is_tagged else None


def _namespace_of_release(job: DeploymentJob) -> "_Found":
    namespace, _, _ = job.release.rpartition("/")
    return ReferenceKind.NAMESPACE, namespace or names.DEFAULT_NAMESPACE, Level.READ


def _namespace_of_build(step: BuildStep) -> "_Found":
    return ReferenceKind.NAMESPACE, step.override_namespace, Level.WRITE


_Found = tuple[ReferenceKind, str, Level]

FOREIGN: Mapping[type, Mapping[str, Callable[[Any], _Found | None]]] = {
    DeploymentJob: {"release": _namespace_of_release},
    BuildStep: {"override_namespace": _namespace_of_build},
    PipelineStep: {"project": _project_of_step, "namespace": _namespace_of_step},
}
"""Fields that may name what is another project's, and how each is read."""

_PLACE = frozenset({"id", "project", "environment", "name"})

OWN: Mapping[type, frozenset[str]] = {
    Window: frozenset({"opens", "closes", "timezone"}),
    Ticket: frozenset({"system", "id"}),
    # What the platform writes itself, of a project that the train or request was allowed to name.
    ScriptDeployment: frozenset({"project", "application", "version", "number"}),
    BuildDefinition: _PLACE
    | {"repo", "branch", "remote_escape_worker_url", "service_account_name", "service_account_team"}
    | {"private_key", "escape_auth_token", "webhook_token", "step_secrets"},
    DeploymentJob: _PLACE | {"deployment", "query", "inputs", "secrets", "providers", "service_account_name"},
    PipelineDefinition: _PLACE - {"environment"} | {"service_account_name", "timezone"},
    BuildStep: frozenset(
        {"plan_location", "build_on_file_changes", "ignore_file_changes", "variables", "providers"},
    ),
    DecidedBy: frozenset({"users", "teams"}),
    PipelinePhase: frozenset({"key", "name", "environment", "names"}),
    PipelineGate: frozenset(
        {"name", "description", "precondition", "team", "user", "cron", "timezone", "system", "ticket", "phase", "key"},
    ),
    PipelineTrigger: frozenset({"id", "type", "token", "branches"}),
    WebhookSecret: frozenset({"kept", "read_by"}),
    PipelineStep: frozenset(
        {
            "name",
            "needs",
            "precondition",
            "pool",
            "script",
            "variables",
            "server",
            "role",
            "cron",
            "subject",
            "message",
            "to",
        }
    )
    | {"team", "user", "webhook_url", "tag", "application", "tag_tagged_version"}
    | {"key", "description", "timezone"}
    # These name something in the project that the step names.
    | {"environment", "build", "deployment", "pipeline", "update_version_deployment", "update_version_environment"}
    | {"errand_name", "errand_inputs"}
    # References that the platform writes itself.
    | {"errand_secrets", "webhook_secret"},
}
"""Fields that name what is the definition's own, what lies in something that another field names, or nothing."""
