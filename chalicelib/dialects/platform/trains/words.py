"""Read requests about trains, and show them. Snapshots: words_snapshots.py."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from chalicelib.dialects.platform.trains import shapes
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.integer_ids import LARGEST
from chalicelib.kernel.secret_inputs import shown
from chalicelib.kernel.trains.template import Template, TemplateVariable, VariableType
from chalicelib.kernel.trains.train import (
    Cancelled,
    Delivered,
    Head,
    Member,
    Rejection,
    Train,
    TrainSettings,
    TrainStatus,
)
from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.use_cases.trains.ending import EndTrain, TrainAct
from chalicelib.use_cases.trains.lists import TrainsQuery
from chalicelib.use_cases.trains.templates import UpdateTemplate
from chalicelib.use_cases.trains.trains import CreateTrain, TrainNamed, UpdateTrain
from chalicelib.use_cases.variables.train_variables import UpdateVariables, VariablesNamed

Word = TypeVar("Word", bound=StrEnum)
DIGITS = 10
TYPES: Mapping[str, VariableType] = {
    "Text": VariableType.TEXT,
    "List": VariableType.LIST,
    "DynamicList": VariableType.DYNAMIC_LIST,
    "Checkbox": VariableType.CHECKBOX,
}
"""Types of a template's variables, as BuildMaster writes them."""


def id_in(request: Request, name: str) -> int:
    """Return an id in the path. Faults: NotFound for what is never one."""
    text = request.parameters[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS and int(text) <= LARGEST):
        raise NotFound(f"no {name} {text[:64]}")
    return int(text)


def read_list(request: Request) -> TrainsQuery:
    """Read which trains to list. Faults: Invalid."""
    query = request.query
    text = {name: query.text(name) or "" for name in ("project", "application", "number", "title", "pipeline")}
    size = query.whole("page_size", default=50, least=1, most=200)
    after = query.whole("page_from", default=0, least=0, most=LARGEST)
    status = one_of(TrainStatus, query.text("status"))
    planned, page = not query.flag("unplanned"), str(after) if after else None
    return TrainsQuery(by=request.asker, **text, status=status, planned=planned, size=size, after=page)


def one_of(words: type[Word], given: str | None) -> Word | None:
    """Return the word of a filter by status; None without one. Faults: Invalid."""
    if not given:
        return None
    try:
        return words(given.lower())
    except ValueError as error:
        raise Invalid.single("status", f"should be one of {', '.join(words)}") from error


def read_new(request: Request) -> CreateTrain:
    """Read a train to create. Faults: Invalid."""
    body = request.body(shapes.NewTrainBody)
    home = Member(project=body.project, application=body.application or body.project)
    return CreateTrain(
        origin=request.origin,
        number=body.number,
        settings=_settings(body, (home, *_members(body))),
        template=body.template,
        variables=body.variables,
    )


def read_train(request: Request) -> TrainNamed:
    """Read which train is requested. Faults: NotFound."""
    return TrainNamed(origin=request.origin, train=id_in(request, "train"))


def read_changed(request: Request) -> UpdateTrain:
    """Read what is said anew of a train; without members they stay. Faults: Invalid, NotFound."""
    body = request.body(shapes.TrainBody)
    return UpdateTrain(origin=request.origin, train=id_in(request, "train"), settings=_settings(body, _members(body)))


def read_act(request: Request) -> EndTrain:
    """Read what is done to a train. Faults: Invalid, NotFound."""
    body = request.body(shapes.TrainActBody)
    train = id_in(request, "train")
    return EndTrain(origin=request.origin, train=train, act=TrainAct(body.act), reason=body.reason)


def read_variables(request: Request) -> VariablesNamed:
    """Read whose variables are requested. Faults: NotFound."""
    return VariablesNamed(origin=request.origin, train=id_in(request, "train"), snapshot=_snapshot_in(request))


def read_new_variables(request: Request) -> UpdateVariables:
    """Read variables that replace others. Faults: Invalid, NotFound."""
    given = request.body(shapes.VariablesBody).variables
    train, snapshot = id_in(request, "train"), _snapshot_in(request)
    return UpdateVariables(origin=request.origin, train=train, snapshot=snapshot, variables=given)


def read_caller(request: Request) -> Principal:
    """Return the caller."""
    return request.asker


def read_template(request: Request) -> UpdateTemplate:
    """Read a template to create or replace. Faults: Invalid."""
    body, name = request.body(shapes.TemplateBody), request.parameters["name"]
    if body.name not in ("", name):
        raise Invalid.single("Name", f"should be {name[:64]}, as in the path")
    template = Template(
        name=name,
        pipeline=body.pipeline,
        train_variables=_asked_for(body.train_variables),
        snapshot_variables=_asked_for(body.snapshot_variables),
        deployment_variables=_asked_for(body.deployment_variables),
    )
    return UpdateTemplate(origin=request.origin, template=template)


def show_train(train: Train) -> Reply:
    """Show a train."""
    return json_reply(_train(train))


def show_trains(trains: Sequence[Train]) -> Reply:
    """Show trains, newest first."""
    return json_reply({"items": [_train(one) for one in trains], "next": str(trains[-1].id) if trains else None})


def show_variables(variables: VariableSet) -> Reply:
    """Show variables, of secret ones the id."""
    given: dict[str, Json] = shown(variables.values, variables.secrets)  # type: ignore[assignment]  # texts and ids
    return json_reply({"variables": given})


def show_template(template: Template) -> Reply:
    """Show a template."""
    return json_reply(_template(template))


def show_templates(templates: Sequence[Template]) -> Reply:
    """Show templates by name."""
    return json_reply({"items": [_template(one) for one in templates]})


def shown_ending(ending: Cancelled | Rejection | Delivered | None) -> Json:
    """Return who ended something, when and why."""
    if ending is None:
        return None
    reason = "" if isinstance(ending, Delivered) else ending.reason
    return {"by": ending.by, "at": ending.at.isoformat(), "reason": reason}


def _settings(body: shapes.TrainBody, members: tuple[Member, ...]) -> TrainSettings:
    return TrainSettings(
        title=body.title,
        description=body.description,
        pipeline=body.pipeline,
        target_at=_aware(body.target_at),
        members=members,
    )


def _members(body: shapes.TrainBody) -> tuple[Member, ...]:
    return tuple(
        Member(project=one.project, application=one.application or one.project, priority=one.priority)
        for one in body.members
    )


def _aware(at: datetime | None) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise Invalid.single("target_at", "needs an offset")
    return at if at is None else at.astimezone(UTC)


def _snapshot_in(request: Request) -> int | None:
    return id_in(request, "snapshot") if "snapshot" in request.parameters else None


def _asked_for(bodies: Sequence[shapes.TemplateVariableBody]) -> tuple[TemplateVariable, ...]:
    return tuple(
        TemplateVariable(
            name=one.name,
            description=one.description,
            initial=one.initial,
            required=one.required,
            sensitive=one.sensitive,
            type=TYPES[one.type],
            choices=tuple(one.choices),
            multiple=one.multiple,
            restricted=one.restricted,
            stages=tuple(one.stages),
        )
        for one in bodies
    )


def _train(train: Train) -> Json:
    return {
        "id": train.id,
        "project": train.project,
        "application": train.application,
        "number": train.number,
        "title": train.name,
        "description": train.description,
        "pipeline": train.pipeline,
        "template": train.template or None,
        "sequence": train.sequence,
        "status": train.status.value,
        "target_at": train.target_at.isoformat() if train.target_at is not None else None,
        "members": [_member(one) for one in train.members],
        "created_by": train.created_by,
        "created_at": train.created_at.isoformat(),
        "ended": shown_ending(train.ending),
        "latest": _head(train.latest),
        "furthest": _head(train.furthest),
    }


def _member(member: Member) -> Json:
    return {"project": member.project, "application": member.application, "priority": member.priority}


def _head(head: Head | None) -> Json:
    if head is None:
        return None
    return {"id": head.id, "number": head.number, "stage": head.place.stage if head.place is not None else None}


def _template(template: Template) -> Json:
    return {
        "Name": template.name,
        "Pipeline": template.pipeline,
        "ReleaseVariables": [_asked(one) for one in template.train_variables],
        "BuildVariables": [_asked(one) for one in template.snapshot_variables],
        "DeploymentVariables": [_asked(one) for one in template.deployment_variables],
    }


def _asked(variable: TemplateVariable) -> Json:
    words = {kind: word for word, kind in TYPES.items()}
    return {
        "Name": variable.name,
        "Description": variable.description,
        "InitialValue": variable.initial,
        "Required": variable.required,
        "Sensitive": variable.sensitive,
        "Type": words[variable.type],
        "ListValues": list(variable.choices),
        "ListMultiple": variable.multiple,
        "ListRestrict": variable.restricted,
        "PipelineStageNames": list(variable.stages),
    }
