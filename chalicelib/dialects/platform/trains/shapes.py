"""Shapes of trains, snapshots, templates and variables."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from chalicelib.http.shape import Shape


class MemberBody(Shape):
    """An application that a train delivers. application: left out for that of the project's name."""

    project: str
    application: str = ""
    priority: int = Field(default=1, ge=0, le=1_000_000)


class TrainBody(Shape):
    """What can be said anew of a train. members: besides the first; left out, all stay."""

    title: str = ""
    description: str = ""
    pipeline: str = ""
    target_at: datetime | None = None
    members: list[MemberBody] = Field(default=[], max_length=200)


class NewTrainBody(TrainBody):
    """A train to plan. variables: values by name; a secret one is `{"secret": "…"}`."""

    project: str
    application: str = ""
    number: str
    template: str = ""
    variables: dict[str, object] = {}


class TrainActBody(Shape):
    """What is done to a train."""

    act: Literal["cancel", "restore"]
    reason: str = ""


class NewSnapshotBody(Shape):
    """A snapshot to make. number: left out for the next."""

    number: str = ""
    title: str = ""
    description: str = ""
    variables: dict[str, object] = {}


class DeployBody(Shape):
    """Where a snapshot is deployed. stage: left out for the one after the furthest. begin_at: with an offset."""

    stage: str = ""
    begin_at: datetime | None = None


class SnapshotActBody(Shape):
    """What is done to a snapshot."""

    act: Literal["reject"]
    reason: str = ""


class VariablesBody(Shape):
    """All variables of a train or snapshot: those left out are gone."""

    variables: dict[str, object]


class TemplateVariableBody(Shape):
    """A variable that a template asks for."""

    name: str
    description: str = ""
    initial: str = ""
    required: bool = False
    sensitive: bool = False
    type: Literal["text", "list", "dynamic-list", "checkbox"] = "text"
    choices: list[str] = Field(default=[], max_length=1000)
    multiple: bool = False
    restricted: bool = False
    stages: list[str] = Field(default=[], max_length=1000)


class TemplateBody(Shape):
    """A template: a pipeline, and the variables that what is made from it is given or must be given."""

    pipeline: str
    train_variables: list[TemplateVariableBody] = []
    snapshot_variables: list[TemplateVariableBody] = []
    deployment_variables: list[TemplateVariableBody] = []


class HeadShape(Shape):
    """The snapshot of a train that is its latest or furthest."""

    id: int
    number: str
    stage: str | None


class EndingShape(Shape):
    """Who ended something, when and why."""

    by: str
    at: str
    reason: str


class TrainShape(Shape):
    """A planned delivery."""

    id: int
    project: str
    application: str
    number: str
    title: str
    description: str
    pipeline: str
    template: str | None
    sequence: int
    status: str
    target_at: str | None
    members: list[MemberBody]
    created_by: str
    created_at: str
    ended: EndingShape | None
    latest: HeadShape | None
    furthest: HeadShape | None


class SnapshotShape(Shape):
    """A numbered candidate of a train. runs: its travel and its redeploys, oldest first."""

    id: int
    train: int
    number: str
    title: str
    description: str
    status: str
    furthest_stage: str | None
    created_by: str
    created_at: str
    rejected: EndingShape | None
    deployed_at: str | None
    runs: list[str]


class DeployedShape(Shape):
    """A deployment that is under way or waits. phase: of its stage in the run."""

    snapshot: SnapshotShape
    run: str
    stage: str
    phase: str


class VariablesShape(Shape):
    """The variables of a train or snapshot; of secret ones the id alone."""

    variables: dict[str, object]


class TemplateShape(TemplateBody):
    """A template by name."""

    name: str


class TrainsShape(Shape):
    """A page of trains. next: what to give as `page_from`."""

    items: list[TrainShape]
    next: str | None


class SnapshotsShape(Shape):
    """A page of snapshots. next: what to give as `page_from`."""

    items: list[SnapshotShape]
    next: str | None


class TemplatesShape(Shape):
    """All templates."""

    items: list[TemplateShape]
