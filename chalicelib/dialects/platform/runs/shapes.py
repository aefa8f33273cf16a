"""Shapes of decisions about runs, and of runs."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from chalicelib.http.answers.explanation import ExplainQuery, ExplanationShape
from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import Shape
from chalicelib.kernel.engine.events import PromotionMode


class DecisionBody(Shape):
    """A decision about a waiting gate or step. node: key or name; may be left out if only one waits.

    revoke: takes the caller's own approval back, until the stage behind the gate begins. digest: of the change set that
    was shown; the decision is refused if it is another one now, and an approval lapses when it changes later.
    """

    decision: Literal["approve", "reject", "override", "revoke"]
    node: str = ""
    execution: int | None = Field(default=None, ge=1)
    notes: str = Field(default="", max_length=1000)
    digest: str = Field(default="", pattern="^([0-9a-f]{64})?$")


class ActBody(Shape):
    """An action on a run or one of its stages. begin_at: of a promotion; an instant with its UTC offset.

    mode: what a promotion does while a gate is not met: wait, be refused (409), or override it.
    """

    act: Literal["cancel", "retry", "abort", "replay", "promote"]
    execution: int | None = Field(default=None, ge=1)
    stage: str = ""
    begin_at: datetime | None = None
    mode: PromotionMode = PromotionMode.WHEN_MET
    notes: str = Field(default="", max_length=1000)


class PassBody(Shape):
    """Why a stage passes the freezes that hold it. stage: key or name; left out for the only one that is held."""

    reason: str = Field(max_length=1000)
    stage: str = ""


class RedeployBody(Shape):
    """The stages, by key or name, that what a run carried is deployed to again. begin_at, mode: as of a promotion."""

    stages: list[str] = Field(min_length=1, max_length=100)
    begin_at: datetime | None = None
    mode: PromotionMode = PromotionMode.WHEN_MET
    notes: str = Field(default="", max_length=1000)


class TestsBody(Shape):
    """Results of a test set of a stage."""

    __test__ = False

    stage: str
    name: str = Field(default="tests", max_length=200)
    passed: int = Field(ge=0)
    failed: int = Field(ge=0)
    skipped: int = Field(default=0, ge=0)


class NoteShape(Shape):
    """What somebody said with a decision about a gate or step."""

    by: str
    at: str
    act: str
    notes: str


class JobTimesShape(Shape):
    """When a job came into its line, which runner leased it when, and when it began and ended.

    Of a lease that an earlier version gave neither `leased_at` nor `began_at` is known.
    """

    queued_at: str
    leased_at: str | None
    runner: str
    began_at: str | None
    ended_at: str | None


class NodeShape(Shape):
    """A gate or step. log: the job whose log it is. child: the run that does the work. needs: keys of steps.

    team, user, quorum: of what waits for people. ticket: of an external approval. expires_at: when it ends badly by
    itself. notes: of the decisions about it. job: of its last attempt, with `?times=true`.
    """

    key: str
    name: str
    kind: str
    work: str
    phase: str
    attempt: int
    group: str | None
    needs: list[str]
    description: str
    team: str | None
    user: str | None
    quorum: int | None
    ticket: str | None
    expires_at: str | None
    notes: list[NoteShape]
    reason: str
    began_at: str | None
    ended_at: str | None
    opens_at: str | None
    log: str | None
    child: str | None
    outputs: dict[str, str]
    job: JobTimesShape | None = None


class StageShape(Shape):
    """A stage execution."""

    number: int
    stage: str
    name: str
    environment: str | None
    attempt: int
    phase: str
    reason: str
    began_at: str | None
    ended_at: str | None
    nodes: list[NodeShape]


class ParentShape(Shape):
    """The step of another run that started this one. node: its key. waits: whether it ends with this run."""

    run: str
    execution: int
    node: str
    attempt: int
    waits: bool


class RunShape(Shape):
    """A run with all its stages, done or not. version: rises with every change, but for `queued`.

    parent: left out of a run that no other started.
    """

    id: str
    project: str
    kind: str
    environment: str
    name: str
    run_nr: int
    phase: str
    reason: str
    version: int
    started_by: str
    trigger: str
    redeploys: str | None
    created_at: str
    ended_at: str | None
    retries: int
    releases: list[str]
    stages: list[StageShape]
    acts: list[dict[str, object]]
    parent: ParentShape | None = None
    explain: ExplanationShape | None = None


class RunQuery(ExplainQuery):
    """Asks for more of a run. explain: what holds it. times: when its jobs were queued, leased, began and ended."""

    times: bool = False


class RunsOfProjectQuery(PagedQuery):
    """Which runs of a project are listed. kind: of definitions. explain: also what holds each."""

    kind: str = "pipeline"
    explain: bool = False


class RefoldedShape(Shape):
    """What came of folding a run again. folds: how many commits it had. differs: paths at which the results differ."""

    run: str
    folds: int
    same: bool
    differs: list[str]
