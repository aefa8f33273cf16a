"""Shapes of trains, snapshots, templates and variables."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import Shape
from chalicelib.kernel.engine.events import PromotionMode


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


class UnplannedSnapshotBody(NewSnapshotBody):
    """A snapshot of no train to make. application: left out for that of the project's name."""

    project: str
    application: str = ""
    pipeline: str


class DeployBody(Shape):
    """Where a snapshot is deployed. stage: left out for the one after the furthest. begin_at: with an offset.

    mode: what becomes of it while a gate is not met: wait, be refused (409), or override it. variables: of this
    deployment alone.
    """

    stage: str = ""
    begin_at: datetime | None = None
    mode: PromotionMode = PromotionMode.WHEN_MET
    variables: dict[str, object] = {}


class SnapshotActBody(Shape):
    """What is done to a snapshot."""

    act: Literal["reject"]
    reason: str = ""


class VariablesBody(Shape):
    """All variables of a train or snapshot: those left out are gone."""

    variables: dict[str, object]


class TemplateVariableBody(Shape):
    """A variable that a template asks for, as BuildMaster writes it; names in our own manner are read too."""

    name: str = Field(alias="Name")
    description: str = Field(default="", alias="Description")
    initial: str = Field(default="", alias="InitialValue")
    required: bool = Field(default=False, alias="Required")
    sensitive: bool = Field(default=False, alias="Sensitive")
    type: Literal["Text", "List", "DynamicList", "Checkbox"] = Field(default="Text", alias="Type")
    choices: list[str] = Field(default=[], max_length=1000, alias="ListValues")
    multiple: bool = Field(default=False, alias="ListMultiple")
    restricted: bool = Field(default=False, alias="ListRestrict")
    stages: list[str] = Field(default=[], max_length=1000, alias="PipelineStageNames")


class TemplateBody(Shape):
    """A template: a pipeline, and the variables that what is made from it is given or must be given."""

    name: str = Field(default="", alias="Name")
    pipeline: str = Field(alias="Pipeline")
    train_variables: list[TemplateVariableBody] = Field(default=[], alias="ReleaseVariables")
    snapshot_variables: list[TemplateVariableBody] = Field(default=[], alias="BuildVariables")
    deployment_variables: list[TemplateVariableBody] = Field(default=[], alias="DeploymentVariables")


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
    pipeline: str
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

    items: list[TemplateBody]


class TrainsQuery(PagedQuery):
    """Which trains are looked for. unplanned: those that hold the snapshots of no train."""

    project: str = ""
    application: str = ""
    number: str = ""
    title: str = ""
    pipeline: str = ""
    status: str = ""
    unplanned: bool = False


class SnapshotsQuery(PagedQuery):
    """Which snapshots of a train are looked for. stage: the furthest."""

    number: str = ""
    stage: str = ""
    status: str = ""
